/** Has a card's letters be smaller, down to a third, until it fits the source that it is shown in. */
export function fitCard(card: HTMLElement): void {
  let share = 1;
  do {
    card.style.setProperty("--fit", String(share));
    share *= 0.9;
  } while (share > 0.3 && isCut(card));
}

function isCut({ scrollHeight, clientHeight, scrollWidth, clientWidth }: HTMLElement): boolean {
  return scrollHeight > clientHeight + 1 || scrollWidth > clientWidth + 1;
}
