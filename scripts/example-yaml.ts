/** Examples as an operator writes them. */
import { documentOf, yamlOf } from '../src/report/yaml-text.ts';

export const exampleYaml = (value: unknown): string => yamlOf(documentOf(value));
