import { onMounted, onWillUnmount, status, useExternalListener } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError, rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { patch } from "@web/core/utils/patch";
import "@web/webclient/user_menu/user_menu_items";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { FormController } from "@web/views/form/form_controller";

import { changesOf, typedNow } from "./care_typed";

// So often it is tried again where the server did not answer, or did not know the person any more.
const RETRY_MS = 4000;

const isLoggedOut = (error) =>
    error instanceof RPCError && error.exceptionName === "odoo.http.SessionExpiredException";
export const isGone = (error) => isLoggedOut(error) || error instanceof ConnectionLostError;

/** Whoever logs in next at this browser does not save what another has written. */
export const whoIsLoggedIn = async () =>
    (await rpc("/web/session/get_session_info", {}, { silent: true })).uid;

export const isOurs = (model) => model.startsWith("care.");
const openForms = new Set();

/**
 * Odoo answers a session that has ended by loading the page anew, and what has been typed since the last
 * save is gone. Where a form of ours is open the page stays, and the form saves itself after the next login.
 */
function keepWhatIsTyped(env, error, originalError) {
    const form = isGone(originalError) && [...openForms].find((each) => each.changesNow());
    if (!form) {
        return false;
    }
    error.unhandledRejectionEvent.preventDefault();
    form.waitFor(originalError);
    return true;
}

registry.category("error_handlers").add("care_form", keepWhatIsTyped, { sequence: 90 });

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

/** What is typed stays in the form where the server cannot be asked what follows from it. */
patch(RelationalModel.prototype, {
    async _onchange(config, params) {
        if (!isOurs(config.resModel) || !params.fieldNames?.length) {
            return super._onchange(...arguments);
        }
        const onError = (error) => {
            if (isGone(error)) {
                Promise.reject(error); // to the handlers of errors
            } else if (params.onError) {
                params.onError(error);
            } else {
                throw error;
            }
        };
        return (await super._onchange(config, { ...params, onError })) || {};
    },
});

/**
 * Every form of ours keeps what is typed in it on the page where the session or the server is gone, until it is
 * saved. For a page that is loaded anew, or dies, see care_form_kept.js.
 */
patch(FormController.prototype, {
    setup() {
        super.setup();
        if (!isOurs(this.props.resModel)) {
            return;
        }
        useExternalListener(window, "focus", () => this.waiting && this.saveNow());
        onMounted(() => openForms.add(this));
        onWillUnmount(() => {
            openForms.delete(this);
            this.stopWaiting();
        });
    },

    isShown() {
        return status(this) === "mounted";
    },

    /** All that is not saved, down to the last letter. */
    changesNow() {
        const { root } = this.model;
        const changes = changesOf(root, typedNow(root, this.rootRef.el));
        return Object.keys(changes).length ? changes : undefined;
    },

    async onSaveError(error) {
        // whom somebody else's words were shown to, and who goes on writing
        return error.careAsked ? false : super.onSaveError(...arguments);
    },

    async saveNow() {
        if (!this.isShown()) {
            return;
        }
        try {
            if (this.waiting && (await whoIsLoggedIn()) !== user.userId) {
                this.mayBeAnother = true; // also where the server alone was gone
                return this.waitFor();
            }
            if (await this.model.root.isDirty()) {
                await this.model.root.save();
            }
            this.stopWaiting();
        } catch (error) {
            if (!isGone(error)) {
                this.stopWaiting();
                throw error;
            }
            this.waitFor(error);
        }
    },

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
    },

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
    },

    stopWaiting() {
        browser.clearTimeout(this.again);
        this.closeNotice?.();
        this.closeNotice = undefined;
        this.waiting = undefined;
        this.mayBeAnother = false;
    },
});
