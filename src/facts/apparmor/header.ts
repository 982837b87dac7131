/** The first line by which a profile of ours is known. */
export const headerOf = (name: string): string => `# managed by phoenix: AppArmorProfile[${name}]\n`;
