/*
 * What makes the OpenAPI document, as the Worker has it: not at all. The document is made when the
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

// What the routes' library names and nobody calls here.
export const OpenApiGeneratorV3 = null;
export const OpenApiGeneratorV31 = null;
export const getOpenApiMetadata = () => ({});
