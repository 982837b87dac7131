/** Captured: DKMS 3.2.2 of Debian 13, 3.0.10 of Debian 12; the first form is that of DKMS 2. */
import { strict as assert } from 'node:assert';
import { dkmsModules } from '../../src/facts/dkms.ts';

const parse = (stdout: string) => dkmsModules.parse(stdout, { code: 0, stdout, stderr: '' });

describe('what dkms status says', () => {
  it('has one line for each module and kernel', () => {
    assert.deepEqual(
      parse(
        'nvidia-current, 460.91.03, 5.10.0-8-amd64, x86_64: installed\n' +
          'nvidia-current/550.163.01, 6.12.117+deb13-amd64, x86_64: installed\n' +
          'nvidia-current/550.163.01, 6.12.90+deb13-amd64, x86_64: built\n' +
          'zfs/2.3.9: added\n',
      ),
      [
        { name: 'nvidia-current', version: '460.91.03', kernel: '5.10.0-8-amd64', state: 'installed' },
        { name: 'nvidia-current', version: '550.163.01', kernel: '6.12.117+deb13-amd64', state: 'installed' },
        { name: 'nvidia-current', version: '550.163.01', kernel: '6.12.90+deb13-amd64', state: 'built' },
        { name: 'zfs', version: '2.3.9', state: 'added' },
      ],
    );
  });

  it('tells what is not as it was built, in the words of either version', () => {
    const states = parse(
      'nvidia-current/550.1, 9.9.9-lab, x86_64: installed (Differences between built and installed modules)\n' +
        'nvidia-current/550.1, 9.9.8-lab, x86_64: installed (WARNING! Diff between built and installed module!)\n' +
        'nvidia-current/550.1, 9.9.7-lab, x86_64: installed (Original modules exist)\n',
    ).map(({ state }) => state);
    assert.deepEqual(states, ['differs', 'differs', 'installed']);
  });

  it('passes over what it says of others', () => {
    assert.deepEqual(
      parse('Error! Could not locate dkms.conf file.\nFile: /x/dkms.conf does not exist.\n'),
      [],
    );
  });
});
