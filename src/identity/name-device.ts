import Bowser from 'bowser';

/** What a browser says of itself; nothing of it is proved. */
export interface Device {
  readonly browser?: string;
  readonly system?: string;
  readonly kind?: string;
}

const LONGEST = 60; // characters of a name; whoever sends the header writes it

/** Names browser, system and kind of device (`desktop`, `mobile`, `tablet`, …) from a User-Agent, as far as it is known. */
export function nameDevice(userAgent: string | undefined): Device {
  if (!userAgent) return {};
  const { browser, os, platform } = Bowser.parse(userAgent);
  const named = (...parts: (string | undefined)[]) => parts.filter(Boolean).join(' ').slice(0, LONGEST);
  const [browserName, system, kind] = [
    named(browser.name, browser.version?.split('.')[0]),
    named(os.name, os.versionName ?? os.version),
    named(platform.type),
  ];
  return { ...(browserName && { browser: browserName }), ...(system && { system }), ...(kind && { kind }) };
}
