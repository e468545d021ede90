/**
 * Finds out whether it is this page's turn to play. The same source in two scenes is two pages: one
 * plays, that is seen, and hands over when it is not any more.
 */
export function takeTurns(name: string, isAlways: boolean, tell: (isMine: boolean) => void): void {
  let isActive = true;
  let isWanted = false;
  let release = (): void => {};
  const look = (): void => {
    const wanted = isAlways || (isActive && !document.hidden);
    if (wanted === isWanted) return;
    isWanted = wanted;
    if (wanted) ask();
    else {
      release();
      tell(false);
    }
  };
  const ask = (): void => {
    const ends = new AbortController();
    release = () => ends.abort();
    // What is made up plays on each page that is seen: there is nothing to play twice.
    const locks = name ? (navigator.locks as LockManager | undefined) : undefined;
    if (!locks) return tell(true);
    const hold = (): Promise<void> =>
      new Promise((resolve) => {
        release = resolve;
        if (isWanted) tell(true);
        else resolve();
      });
    locks.request(name, { signal: ends.signal }, hold).catch(() => {
      // It is not wanted any more; or there are no locks here, as in a frame without an origin.
      if (!ends.signal.aborted) tell(isWanted);
    });
  };
  document.addEventListener("visibilitychange", look);
  addEventListener("obsSourceActiveChanged", (event) => {
    isActive = (event as CustomEvent<{ active?: boolean }>).detail?.active !== false;
    look();
  });
  look();
}
