import { BRAND_PATH } from '../theme/brand.ts';
import { ICON_PATHS, type IconName } from '../theme/icon-paths.ts';

const DOTS: ReadonlySet<IconName> = new Set<IconName>(['more', 'wait']);

/** A drawn sign. It is never alone: the word stands beside it, or the control has a name. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={DOTS.has(name) ? 2.6 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={ICON_PATHS[name]} />
    </svg>
  );
}

export function BrandMark({ size = 22 }: { readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.75}
      aria-hidden="true"
    >
      <path d={BRAND_PATH} />
    </svg>
  );
}
