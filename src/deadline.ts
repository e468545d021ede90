/** How long whoever asks at the door waits for an object. */
export const DOOR_MS = 20_000;

/** How long a whole request of the API may take until its answer begins: the longest wait is half of it. */
export const REQUEST_MS = 60_000;

/** The promise's outcome, or a rejection once `ms` have gone by; the work itself is not stopped. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves after `ms`. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
