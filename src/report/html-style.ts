/** The look of the page: readable on a phone, light and dark, and nothing to load. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --faint: #59636e; --line: #d1d9e0; --card: #f6f8fa;
  --good: #1a7f37; --warn: #9a6700; --bad: #cf222e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --faint: #9198a1; --line: #3d444d;
  --card: #151b23; --good: #3fb950; --warn: #d29922; --bad: #f85149; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: .5rem 0; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
h3 { font: 600 1rem/1.4 ui-monospace, monospace; margin: 0; }
.badge { display: inline-block; padding: .1rem .6rem; border-radius: 1rem; border: 1px solid currentColor; font-weight: 600;
  font-size: .85rem; white-space: nowrap; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); } .faint { color: var(--faint); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 1rem 0; }
dt { color: var(--faint); } dd { margin: 0; }
article { border: 1px solid var(--line); border-radius: .5rem; background: var(--card); padding: .75rem 1rem; margin: .75rem 0; }
article header { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; justify-content: space-between; }
article p { margin: .35rem 0; }
pre { margin: .5rem 0; padding: .5rem; overflow-x: auto; border: 1px solid var(--line); border-radius: .35rem;
  background: var(--paper); font: .85rem/1.45 ui-monospace, monospace; overflow-wrap: normal; }
ul { margin: .35rem 0; padding-left: 1.25rem; }
code { font: .9em ui-monospace, monospace; }
footer { margin: 2rem 0 1rem; font-size: .85rem; }
@media print { article { break-inside: avoid; } }
`;
