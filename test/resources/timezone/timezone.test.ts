import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import timezone from '../../../src/resources/timezone/index.ts';
import { FakeHost } from '../../support/fake-host.ts';

const zones = ['Europe/Berlin', 'Etc/UTC', 'UTC', 'Etc/GMT+5', 'America/Argentina/Buenos_Aires', 'EST5EDT'];

describe('Timezone, otherwise', () => {
  it('is in sync after it converged, from whatever it was', async () => {
    const localtime = fc.constantFrom(
      undefined,
      'a copy',
      { target: '../usr/share/zoneinfo/Etc/UTC' },
      { target: '/usr/share/zoneinfo/Europe/Paris' },
      { target: 'elsewhere' },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...zones), localtime, fc.boolean(), async (zone, link, hasFile) => {
        const host = new FakeHost({
          files: {
            [`/usr/share/zoneinfo/${zone}`]: 'TZif2',
            ...(link === undefined ? {} : { '/etc/localtime': link }),
            ...(hasFile ? { '/etc/timezone': 'Factory\n' } : {}),
          },
        });
        const want = timezone.desired.parse({ zone });
        const findings = async () => {
          const reading = (await timezone.read(host, [want])).get('system');
          assert.ok(reading && reading.is !== 'unknown');
          return timezone.diff(want, reading);
        };
        for (const finding of await findings())
          if ('does' in finding) await timezone.converge(finding.does, host);
        assert.deepEqual(await findings(), []);
        assert.deepEqual(await timezone.list?.(host), [{ zone }]);
      }),
    );
  });

  it('lists nothing where there is no link', async () => {
    assert.deepEqual(await timezone.list?.(new FakeHost()), []);
  });

  it('refuses what leads out of the folder of zones', () => {
    for (const zone of [
      '../etc/passwd',
      '/etc/passwd',
      'Europe/../x',
      '',
      '-x',
      'Europe/',
      'zone.tab',
      'a b',
      '$(id)',
    ])
      assert.equal(timezone.desired.safeParse({ zone }).success, false, zone);
    for (const zone of zones) assert.equal(timezone.desired.safeParse({ zone }).success, true, zone);
  });
});
