import { strict as assert } from 'node:assert';
import { secureBoot } from '../../src/facts/secure-boot.ts';
import { FakeHost } from '../support/fake-host.ts';

const EFI = '/sys/firmware/efi/efivars';
const SHIM = '605dab50-e046-4300-abb6-3dd810dd8b23';
const SECURE_BOOT = `${EFI}/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c`;
const DB = `${EFI}/db-d719b2cb-3d3a-4596-a3bc-dad00e67656f`;
const KEY = '/var/lib/dkms/mok.pub';

const state = (files: Record<string, string>) => {
  const { on, trustsDkms } = secureBoot(new FakeHost({ files }));
  return [on && 'on', trustsDkms && 'trusts'].filter(Boolean).join(' and ');
};
const certificate = (files: Record<string, string>): string =>
  secureBoot(new FakeHost({ files: { ...files, [SECURE_BOOT]: '\x06\0\0\0\x01' } })).certificate;

describe('Secure Boot', () => {
  const on = { [SECURE_BOOT]: '\x06\0\0\0\x01' };
  const list = { [`${EFI}/MokListRT-${SHIM}`]: '\x06\0\0\0 a 0-key b' };

  it('is off, or there is no such firmware', () => {
    assert.equal(state({}), '');
    assert.equal(state({ [SECURE_BOOT]: '\x06\0\0\0\0' }), '');
  });

  it('is as good as off where shim was told to let everything pass', () => {
    assert.equal(state({ ...on, [`${EFI}/MokSBStateRT-${SHIM}`]: '\x06\0\0\0\x01' }), '');
    assert.equal(state({ ...on, [`${EFI}/MokSBStateRT-${SHIM}`]: '\x06\0\0\0\0' }), 'on');
  });

  it('trusts the key of DKMS only if the firmware or shim has it', () => {
    assert.equal(state({ ...on, ...list }), 'on');
    assert.equal(state({ ...on, [KEY]: '0-key' }), 'on');
    assert.equal(state({ ...on, ...list, [KEY]: '0-other' }), 'on');
    assert.equal(state({ ...on, ...list, [KEY]: '' }), 'on');
    assert.equal(state({ ...on, ...list, [KEY]: '0-key' }), 'on and trusts');
    assert.equal(state({ ...on, [DB]: '\x27\0\0\0 0-key', [KEY]: '0-key' }), 'on and trusts');
    // what must not run is a list, too
    assert.equal(state({ ...on, [`${EFI}/MokListXRT-${SHIM}`]: ' 0-key', [KEY]: '0-key' }), 'on');
  });

  it('takes the key where DKMS was told to have it, in either form', () => {
    const config = '# mok_certificate=/a\nmok_certificate=/root/db.pem\n';
    assert.equal(certificate({}), KEY);
    assert.equal(certificate({ '/etc/dkms/framework.conf': config }), '/root/db.pem');
    assert.equal(
      certificate({
        '/etc/dkms/framework.conf': config,
        '/etc/dkms/framework.conf.d/own.conf': 'mok_certificate="/root/own.der"\n',
        '/etc/dkms/framework.conf.d/old.conf.bak': 'mok_certificate=/b\n',
      }),
      '/root/own.der',
    );
    const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from('0-key').toString('base64')}\n-----END CERTIFICATE-----\n`;
    assert.equal(
      state({ ...on, ...list, '/etc/dkms/framework.conf': config, '/root/db.pem': pem }),
      'on and trusts',
    );
  });
});
