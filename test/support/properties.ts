import { configureGlobal } from "fast-check";

// Left alone, fast-check makes lists of ten at most, whatever greater length a property names: too
// short for most of what goes wrong in the middle of something.
configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true });
