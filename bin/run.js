// Starts the bundle that `npm run build` made.
import { start } from '../dist/main.js';

void start(process.argv.slice(2));
