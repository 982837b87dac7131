/** Where the policy of a host is, apparmor.d(5). */
export const POLICY = '/etc/apparmor.d';
