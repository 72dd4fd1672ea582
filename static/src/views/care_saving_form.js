import { onMounted, onWillUnmount, status, useComponent, useExternalListener } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError, rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useDebounced } from "@web/core/utils/timing";
import "@web/webclient/user_menu/user_menu_items";
import { FormController } from "@web/views/form/form_controller";

// So long after the last touch what has been typed is saved, and so long at most while the typing goes on.
const SAVE_AFTER_MS = 1200;
const SAVE_WITHIN_MS = 5000;
// So often it is tried again where the server did not answer, or did not know the person any more.
const RETRY_MS = 4000;

const isLoggedOut = (error) =>
    error instanceof RPCError && error.exceptionName === "odoo.http.SessionExpiredException";

const openForms = new Set();

/**
 * Odoo answers a session that has ended by loading the page anew, and what has been typed since the last
 * save is gone. Where such a form is open the page stays, and the form saves itself after the next login.
 */
function keepWhatIsTyped(env, error, originalError) {
    const form = isLoggedOut(originalError) && [...openForms].find((each) => each.model.root.dirty);
    if (!form) {
        return false;
    }
    error.unhandledRejectionEvent.preventDefault();
    form.waitFor(originalError);
    return true;
}

registry.category("error_handlers").add("care_saving_form", keepWhatIsTyped, { sequence: 90 });

/** Logging out waits for what has been typed in the last second, which would otherwise come too late. */
const menu = registry.category("user_menuitems");
const logOut = menu.get("log_out");
menu.add(
    "log_out",
    (env) => {
        const item = logOut(env);
        const callback = async () => {
            await Promise.allSettled([...openForms].map((form) => form.saveNow()));
            item.callback();
        };
        return { ...item, callback };
    },
    { force: true },
);

/**
 * A form that saves itself as it is typed, for a telephone that goes dark in the middle of a call. Nothing is kept in the browser, which may be a shared one, but on the page itself.
 */
export class CareSavingFormController extends FormController {
    setup() {
        super.setup();
        const component = useComponent();
        this.isShown = () => status(component) === "mounted";
        this.saveSoon = useDebounced(() => this.saveNow(), SAVE_AFTER_MS);
        const onInput = () => {
            this.saveSoon();
            this.latest ??= browser.setTimeout(() => this.saveNow(), SAVE_WITHIN_MS);
        };
        let element = null;
        onMounted(() => {
            openForms.add(this);
            element = this.rootRef.el;
            element?.addEventListener("input", onInput);
        });
        onWillUnmount(() => {
            openForms.delete(this);
            element?.removeEventListener("input", onInput);
            this.stopWaiting();
            browser.clearTimeout(this.latest);
        });
        useExternalListener(window, "focus", () => this.waiting && this.saveNow());
    }

    get modelParams() {
        const params = super.modelParams;
        params.hooks.onRecordChanged = () => {
            this.saveSoon(); // not awaited: the save waits for the very change that calls this
        };
        return params;
    }

    async saveNow() {
        browser.clearTimeout(this.latest);
        this.latest = undefined;
        if (!this.isShown() || !this.model.root.resId) {
            return;
        }
        try {
            if (this.mayBeAnother && (await this.whoIsLoggedIn()) !== user.userId) {
                return this.waitFor();
            }
            await this.model.root.save();
            this.stopWaiting();
        } catch (error) {
            if (!isLoggedOut(error) && !(error instanceof ConnectionLostError)) {
                this.stopWaiting();
                throw error;
            }
            this.waitFor(error);
        }
    }

    /** Whoever logs in next at this browser does not save what another has written. */
    async whoIsLoggedIn() {
        return (await rpc("/web/session/get_session_info", {}, { silent: true })).uid;
    }

    waitFor(error) {
        if (!this.isShown()) {
            return;
        }
        browser.clearTimeout(this.again);
        this.again = browser.setTimeout(() => this.saveNow(), RETRY_MS);
        this.mayBeAnother ||= isLoggedOut(error);
        const waiting = this.mayBeAnother ? "login" : "server";
        if (waiting !== this.waiting) {
            this.closeNotice?.();
            this.closeNotice = this.env.services.notification.add(...this.notice(waiting));
            this.waiting = waiting;
        }
    }

    notice(waiting) {
        const className = `o_care_waits_for_${waiting}`;
        if (waiting === "server") {
            return [
                _t(
                    "The server does not answer. What you write stays on this page, and is saved as soon as it does.",
                ),
                { sticky: true, type: "warning", className },
            ];
        }
        return [
            _t(
                "You have been logged out. What you have written is still on this page, but not saved. Log in in another tab, and come back here: then it is saved.",
            ),
            {
                sticky: true,
                type: "danger",
                className,
                buttons: [
                    {
                        name: _t("Log In"),
                        primary: true,
                        onClick: () => browser.open("/web/login", "_blank"),
                    },
                ],
            },
        ];
    }

    stopWaiting() {
        browser.clearTimeout(this.again);
        this.closeNotice?.();
        this.closeNotice = undefined;
        this.waiting = undefined;
        this.mayBeAnother = false;
    }
}
