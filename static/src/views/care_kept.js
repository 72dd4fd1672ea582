import { browser } from "@web/core/browser/browser";
import { user } from "@web/core/user";
import { session } from "@web/session";

/**
 * What somebody has typed and not saved, kept in the browser for that person alone.
 *
 * The browser may be a shared one, so nothing of it can be read there: the key is one that Odoo's server gives to
 * the pages of this login only (and another after a change of password), and it is kept on the page. Neither what it
 * is nor whose record it concerns stands in clear. It is gone after three days. Where the browser has no
 * cryptography (a page without https) nothing is kept.
 */
const PREFIX = "care_kept/";
const KEPT_MS = 72 * 3600 * 1000;

const toHex = (buffer) =>
    Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
const fromHex = (text) => new Uint8Array(text.match(/../g).map((pair) => parseInt(pair, 16)));
const encode = (text) => new TextEncoder().encode(text);

const secret = window.isSecureContext && session.browser_cache_secret;
const cryptoKey =
    secret &&
    window.crypto.subtle.importKey("raw", fromHex(secret), "AES-GCM", false, ["encrypt", "decrypt"]);

const placeOf = async (name) =>
    PREFIX + toHex(await window.crypto.subtle.digest("SHA-256", encode(`${secret}/${user.userId}/${name}`)));

/**
 * @param {() => boolean} [still] whether it is to be kept, when it is ready to be
 * @returns {Promise<string | undefined>} where it is kept
 */
export async function keep(name, value, still = () => true) {
    if (!secret) {
        return;
    }
    const iv = window.crypto.getRandomValues(new Uint8Array(12));
    const text = await window.crypto.subtle.encrypt(
        { name: "AES-GCM", iv },
        await cryptoKey,
        encode(JSON.stringify(value)),
    );
    const place = await placeOf(name);
    if (still()) {
        put(place, { at: Date.now(), iv: toHex(iv), text: toHex(text) });
        return place;
    }
}

function put(place, item) {
    try {
        browser.localStorage.setItem(place, JSON.stringify(item));
    } catch {
        // the browser is full: then it is on the page alone
    }
}

/** What lies there, or nothing where somebody has meddled with it: the page opens all the same. */
function itemAt(place) {
    try {
        return JSON.parse(browser.localStorage.getItem(place));
    } catch {
        return null;
    }
}

/** It is on its way to the server, which does not answer any more. */
export function markSent(place) {
    const item = itemAt(place);
    if (item) {
        put(place, { ...item, sent: true });
    }
}

/** @returns {Promise<{at: number, sent: boolean | undefined, value: any} | undefined>} */
export async function kept(name) {
    const item = secret && itemAt(await placeOf(name));
    if (!item) {
        return;
    }
    try {
        const text = await window.crypto.subtle.decrypt(
            { name: "AES-GCM", iv: fromHex(item.iv) },
            await cryptoKey,
            fromHex(item.text),
        );
        return { at: item.at, sent: item.sent, value: JSON.parse(new TextDecoder().decode(text)) };
    } catch {
        return; // somebody has meddled with it
    }
}

export async function forget(name) {
    if (secret) {
        browser.localStorage.removeItem(await placeOf(name));
    }
}

for (const place of Object.keys(browser.localStorage).filter((each) => each.startsWith(PREFIX))) {
    if (!(itemAt(place)?.at >= Date.now() - KEPT_MS)) {
        browser.localStorage.removeItem(place);
    }
}
