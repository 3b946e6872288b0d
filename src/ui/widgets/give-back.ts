/** Gives the focus back to who had it, if that is still there. The stage is an SVG element, and no HTML element. */
export function giveBack(before: Element | null): void {
  if ((before instanceof HTMLElement || before instanceof SVGElement) && before.isConnected) before.focus();
}
