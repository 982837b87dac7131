/** What apt has fetched, by the names of the files in its folder of lists. */
import type { HostReader } from '../../host/host.ts';
import { normalUri } from './sources.ts';

const LISTS = '/var/lib/apt/lists';

/** `URItoFileName` of apt-pkg/contrib/strutl.cc: without the access and the user, some marks in hexadecimal. */
const quoted = (text: string): string =>
  text.replace(
    /[\\|{}[\]<>"^~_=!@#$%&*\x00-\x20\x7f]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );

const fileOf = (uri: string): string =>
  quoted(uri.replace(/^[a-z+]+:(?:\/\/(?:[^/@]*@)?)?/i, '')).replaceAll('/', '_');

/** What the names of all files of one suite begin with. */
const listPrefix = (uri: string, suite: string): string =>
  suite.endsWith('/')
    ? fileOf(`${normalUri(uri)}/${suite.replace(/^\/+/, '')}`)
    : `${fileOf(`${normalUri(uri)}/dists/${suite}`)}_`;

const listNames = (host: HostReader): readonly string[] => host.readDirectory(LISTS) ?? [];

/** Suites of which there is nothing, as `uri suite`. */
export const unfetched = (
  host: HostReader,
  suites: readonly { readonly uri: string; readonly suite: string }[],
): string[] => {
  const names = listNames(host);
  return suites
    .filter(({ uri, suite }) => {
      const prefix = listPrefix(uri, suite);
      return !names.some((name) => name.startsWith(prefix));
    })
    .map(({ uri, suite }) => `${uri} ${suite}`);
};
