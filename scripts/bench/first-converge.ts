/** 1,000 users, files and links from nothing. Inside the throw-away host. */
import { sample } from './measure.ts';
import { finish, measure } from './table.ts';
import { enterThrowAwayHost, PHOENIX, writeManifest } from './world.ts';

enterThrowAwayHost();
const count = writeManifest({ kinds: ['user', 'file', 'symlink'], each: 1000 });
measure(`${count} users, files and links from nothing`, 1, () => sample([PHOENIX, 'setup', '--yes']), {
  text: '≤ 30 s',
  met: ({ figures }) => figures.wall <= 30_000,
});
finish();
