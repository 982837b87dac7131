/** Files in `resources/apparmor`, which come with phoenix. */
export const SHIPPED = ['lxc-phoenix-nesting'] as const;

export const shippedPath = (name: (typeof SHIPPED)[number]): string => `apparmor/${name}`;
