/** A zone that is signed here, by a server elsewhere, with one record that was forged after it was signed. */
import { strict as assert } from 'node:assert';
import { bringDebs } from '../image/debs.ts';
import type { Machine } from '../machine/machine.ts';
import { dig, statusesOf } from './zone.ts';

export const SIGNED = 'signed.test';

const FOLDER = '/root/bind';
const LIBRARIES = `LD_LIBRARY_PATH=${FOLDER}/x/usr/lib/x86_64-linux-gnu`;
const RECORDS = String.raw`$TTL 60\n@ SOA ns root 1 60 60 600 60\n@ NS ns\nns A 10.9.0.55\ngood A 192.0.2.1\nforged A 192.0.2.2\n`;
const NAMED = `options { directory "${FOLDER}"; listen-on { 10.9.0.55; }; listen-on-v6 { none; }; recursion no; pid-file none; session-keyfile none; dnssec-validation no; };
controls { };
zone ${SIGNED} { type primary; file "signed"; };
`;

/** A line for dnsmasq. The hash of the key may have a blank in it. */
const ANCHOR = `sed -E 's/.* DS ([0-9]+) ([0-9]+) ([0-9]+) /trust-anchor=${SIGNED},\\1,\\2,\\3,/; s/ //g' dsset-${SIGNED}.`;

/** At 10.9.0.55, with its key as a trust anchor in a file for dnsmasq. Only unpacked: its own service stays away. */
export const signedZone = async (machine: Machine, configuration: string): Promise<void> => {
  await bringDebs(machine, FOLDER, ['bind9', 'bind9-utils', 'bind9-libs']);
  await machine.writeFile(`${FOLDER}/named.conf`, NAMED);
  await machine.succeed(
    [
      `set -ex; mkdir -p /run/named; cd ${FOLDER}`,
      'for deb in *.deb; do dpkg -x "$deb" x; done',
      `export ${LIBRARIES} PATH=${FOLDER}/x/usr/bin:${FOLDER}/x/usr/sbin:$PATH`,
      `printf '${RECORDS}' > zone`,
      `dnssec-keygen -q -a ECDSAP256SHA256 -f KSK ${SIGNED} && dnssec-signzone -S -z -o ${SIGNED} -f signed zone`,
      "sed -i 's/192.0.2.2$/192.0.2.3/' signed",
      `${ANCHOR} >> ${configuration}`,
      'ip addr add 10.9.0.55/24 dev d0',
      `systemd-run --quiet --unit=signed --setenv=${LIBRARIES} ${FOLDER}/x/usr/sbin/named -f -n 1 -c ${FOLDER}/named.conf`,
    ].join('\n'),
  );
  await machine.waitUntil(`dig +short @10.9.0.55 good.${SIGNED} A | grep -qx 192.0.2.1`);
};

/** Through the server: that one is marked as authentic, and there is no answer with the other. */
export const assertToldApart = async (machine: Machine): Promise<void> => {
  const said = await machine.succeed(dig(`good.${SIGNED} A forged.${SIGNED} A forged.${SIGNED} A +cd`));
  assert.deepEqual(statusesOf(said), ['NOERROR', 'SERVFAIL', 'NOERROR'], said);
  assert.match(said, /flags:[^;]* ad;[^]*\s192\.0\.2\.1\n/);
  // Whoever does not want it checked gets what the server there says.
  assert.match(said, /\s192\.0\.2\.3\s*$/);
};
