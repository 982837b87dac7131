import { strict as assert } from 'node:assert';
import { gunzipSync } from 'node:zlib';
import { policiesIn } from '../../../src/facts/apparmor/policy.ts';

/** apparmor_parser 3.0.8 and 4.1.0, the same bytes: `profile lab-two /opt/x { …, with a child }` and `profile "b lä" { … }`. */
const TWO =
  'H4sIAAAAAAACA+2YeVPTQBjGn7TbJLSUtoAgoggoCko5FBEPBE88qHgLHmgR6jB2KAOM8oH8Jn4ZZvzDr+CzyaaNLS3lCCOQt/Nsm80e2d3f+2a7wsT3hZXVxdwSAiEAwsTySi6zmF2AEdIx15799RNCRyab/roKI8AiKCRm0bWVCANf0surw0Mlxe06bC2dns+koU/IHm1rnV0f5ddxIDQOLOXWMtmFdXlDg1BFYtipyTaMPWjHHsNW7WhVXQt7Nqp+HtMpr2nw1gLQ4bXVUnLxg6hjauTzo4hwpLbVcI7C8G1zC+4bDxpCno8mYnmEZC/KVHdxEs7TYXLMNf7ClwkPolIgN5FNzyXXfuRQCL6/RVHgFRtlAq+5JSCwnLja8sWB1KwqkBYCpnkEAmRl13dmznFMw3eAQx4gK/MYzPuIbbq//CWTJOfEq43sn/AmG9lwuXj6+cBMWuGZ95/pUhMuwndvxgFcj0PtoNtaj4DaH2guVoKue0K9FYX6gxV35Tt7C/fb03RFTrnJDKuy9VSdaiOh6si8BlVGWgfVSTVSTVSzut9CnZAhQX33Ukmqj2qjTlPtqn4/1U31UBdcuqjqdbt+J1W/sr9jqs8BlXeLuk0NUnepEXV9WV1fVZLP+ECVn1SS959QqaL91tbr0aDSxv95h5zfD6Q8J7mWzMStFSr9NPPd0MO17OWcp/AUMzvqoxUnyWmUzLeQvRi6SEuSJCVIVphrV0+qQ6Q5QkKaSJ+JU+StHWdwFudwnjz1kblBcnOJbAzhCobJxQiu4Tpu4CZGScYYxsnOHXJxD/dJywQe4hEek5Ep1nuG53iBl3iF13iDt5jGO7zHB3zELD4h5Qe0Xe9bC3MYL+N1u/M3jQRFyFB8049svcsixV7z6R31IWnXSWSAHLbRLzpIXw9ZrCOTBnNjVpwJks8EmW0isy0W25LVTotW6SlJSvI6QGK3w+sk/WuqhNSZf0j1zYMDh6hz4NDf/21x3rN994bYgwMMp5x/gLGXZsA54a1kwnekI3KAocM54a08Zt/KBdy/pW1xYasbAAA=';
const OF_A_NAMESPACE =
  'BAgAdmVyc2lvbgACBQAAAAQKAG5hbWVzcGFjZQAFAgBuAAQIAHByb2ZpbGUABwUCAGEABAYAZmxhZ3MABwIAAAAAAgAAAAACAAAAAAgCAAAAAAIAAAAAAgAAAAACAAAAAAQHAGNhcHM2NAAHAgAAAAACAAAAAAIAAAAAAgAAAAAICA==';

const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');

describe('compiled policy', () => {
  it('is told apart by its profiles, each with the hashes that the kernel has', () => {
    assert.deepEqual(policiesIn(gunzipSync(bytes(TWO)).toString('latin1')), [
      {
        name: 'b lä',
        sha1: '8aeb540b3a4edf60d18682b1cda537ca660cb4c5',
        sha256: '73485ba617661e4d1ec1a3ce0db1e1b7b8583724e7be15b5917fe734067edb3e',
      },
      {
        name: 'lab-two',
        sha1: 'b688ada6d6a37b1707aed4c7028ecd3805c5d145',
        sha256: 'ffb6cb534166d4557df12f92b62156dfc4eb344d3d323de7b096c45cd2b75fb4',
      },
      {
        name: 'lab-two//kid',
        sha1: '885584b289385e460670576173555514ff4eb1fa',
        sha256: '730bb5ede0ad82be300c5cd10cda615d1455353d749eec9dc2937a9ba2db5c69',
      },
    ]);
  });

  it('is none where a file has none, and is refused where it is not what it should be', () => {
    assert.deepEqual(policiesIn(''), []);
    assert.throws(() => policiesIn(bytes(OF_A_NAMESPACE).toString('latin1')), /namespace of its own/);
    assert.throws(() => policiesIn('\x04\x08\0version\0\x02\x05\0\0\0rubbish'), /not the compiled policy/);
  });
});
