/* What a page has asked the relay for, and what became of it. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { ask, askAll, type Asked, type Refused } from "../api/call.ts";
import { toRefused } from "../api/fault.ts";
import { isReached } from "./session.ts";

export interface Answer<T> {
  /** The last answer; it stays while it is asked for again. */
  readonly data: T | null;
  readonly error: Refused | null;
  readonly isAsking: boolean;
  readonly again: () => void;
  /** Puts something in its place that is known to be so. */
  readonly set: (data: T) => void;
}

interface Options {
  /** How often it is asked for again while the page is seen. */
  readonly everyMs?: number;
  /** A list, which is read to its end. */
  readonly isList?: boolean;
  readonly query?: NonNullable<Asked["query"]>;
}

/** Asks for something as long as the page shows it; null asks for nothing. */
export function useAsked<T>(path: string | null, options: Options = {}): Answer<T> {
  const { everyMs, isList = false, query } = options;
  const [state, setState] = useState<{
    path: string | null;
    data: T | null;
    error: Refused | null;
    isAsking: boolean;
  }>({ path: null, data: null, error: null, isAsking: path !== null });
  const asking = useRef(0);
  const words = JSON.stringify(query ?? {});

  const again = useCallback(() => {
    if (path === null) return;
    const turn = ++asking.current;
    setState((old) =>
      old.path === path
        ? { ...old, isAsking: true }
        : { path, data: null, error: null, isAsking: true },
    );
    const question = isList
      ? (askAll(path) as Promise<T>)
      : ask<T>(path, { query: JSON.parse(words) as NonNullable<Asked["query"]> });
    const take = async (): Promise<void> => {
      try {
        const data = await question;
        if (turn === asking.current) setState({ path, data, error: null, isAsking: false });
      } catch (error) {
        // It is shown where the answer would be.
        if (turn !== asking.current) return;
        setState((old) => ({ ...old, path, error: toRefused(error), isAsking: false }));
      }
    };
    void take();
  }, [path, isList, words]);

  useEffect(() => {
    again();
    return () => {
      asking.current += 1;
    };
  }, [again]);

  useEffect(() => {
    if (everyMs === undefined || path === null) return;
    const look = (): void => {
      if (document.visibilityState === "visible") again();
    };
    const timer = setInterval(look, everyMs);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [again, everyMs, path]);

  const isAway = state.error?.status === 0;
  useEffect(() => {
    // What could not be reached is asked for again once something was.
    if (isAway && isReached.value) again();
  }, [isReached.value]);

  const set = useCallback(
    (data: T) => {
      asking.current += 1;
      setState({ path, data, error: null, isAsking: false });
    },
    [path],
  );

  const { data, error, isAsking } = state;
  const isSame = state.path === path;
  return { data: isSame ? data : null, error: isSame ? error : null, isAsking, again, set };
}

/** Does something once at a time, and shows what the relay refused it with. */
export function useDoing<A extends readonly unknown[]>(
  work: (...given: A) => Promise<void>,
): {
  readonly run: (...given: A) => Promise<boolean>;
  readonly isBusy: boolean;
  readonly error: Refused | null;
  readonly clear: () => void;
} {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Refused | null>(null);
  const busy = useRef(false);
  const run = async (...given: A): Promise<boolean> => {
    if (busy.current) return false;
    busy.current = true;
    setBusy(true);
    setError(null);
    try {
      await work(...given);
      return true;
    } catch (caught) {
      // It is shown beside what was to be done.
      setError(toRefused(caught));
      return false;
    } finally {
      busy.current = false;
      setBusy(false);
    }
  };
  return { run, isBusy, error, clear: () => setError(null) };
}
