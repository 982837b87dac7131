/** The packaged tunables that read a folder `NAME.d` beside them (apparmor 3.0 has fewer of these than 4.1). */
export const DROP_INS = [
  'home',
  'multiarch',
  'proc',
  'alias',
  'kernelvars',
  'system',
  'xdg-user-dirs',
  'share',
  'etc',
  'run',
  'global',
] as const;
