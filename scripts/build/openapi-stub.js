/*
 * Stands in the Worker for the library that makes the OpenAPI document: the document is made when the
 * pages are built (`scripts/build-assets.ts`), with the library itself; the routes only have to be
 * able to say what they would put into it.
 */
export class OpenAPIRegistry {
  definitions = [];
  registerPath() {}
}

/** Describing a schema leaves it as it is. */
export function extendZodWithOpenApi({ ZodType }) {
  ZodType.prototype.openapi = function openapi() {
    return this;
  };
}

// Named by the routes' library, and called by nobody here.
export const OpenApiGeneratorV3 = null;
export const OpenApiGeneratorV31 = null;
export const getOpenApiMetadata = () => ({});
