// Dates and times in Japan, whatever the machine's own time zone.

const ZONE = { timeZone: "Asia/Tokyo" };
const DAY = new Intl.DateTimeFormat("ja-JP", { ...ZONE, month: "long", day: "numeric", weekday: "short" });
const SHORT = new Intl.DateTimeFormat("ja-JP", { ...ZONE, month: "numeric", day: "numeric" });
const TIME = new Intl.DateTimeFormat("ja-JP", { ...ZONE, hour: "numeric", minute: "2-digit", hour12: false });
const YEAR = new Intl.DateTimeFormat("ja-JP-u-ca-japanese", { ...ZONE, era: "long", year: "numeric" });
const ISO = new Intl.DateTimeFormat("sv-SE", ZONE);

/** 「9月1日(火)」 of Unix seconds or an ISO text. */
export const dayWords = (at) => DAY.format(when(at));

/** 「9:30」. */
export const clockWords = (at) => TIME.format(when(at));

/** 「令和8年9月1日(火) 9:30」. */
export const fullWords = (at) => `${YEAR.format(when(at))}${dayWords(at)} ${clockWords(at)}`;

/** 「9/18」. */
export const shortDay = (at) => SHORT.format(when(at));

/** 「2026-09-01」. */
export const isoDay = (at) => ISO.format(when(at));

function when(at) {
  return new Date(typeof at === "string" && at.includes("T") ? at : Number(at) * 1000);
}
