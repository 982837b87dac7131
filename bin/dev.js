#!/usr/bin/env -S node --import=tsx
// Starts phoenix from its sources.
import { start } from '../src/main.ts';

void start(process.argv.slice(2));
