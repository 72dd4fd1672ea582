import { Component } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useBus, useService } from "@web/core/utils/hooks";
import { Reactive } from "@web/core/utils/reactive";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { isGone, whoIsLoggedIn } from "./care_form";
import { keep, kept } from "./care_kept";

const { DateTime } = luxon;

const RETRY_MS = 4000;
const KEPT_AS = "waits";

/**
 * Taps that wait for the network, and are sent in their order when it is back. A button says by its context
 * (``care_waits``) that it may wait; its verb takes the same tap twice as one, and refuses what a colleague has
 * changed meanwhile, which is told. They are kept as what is typed is, for whoever tapped.
 */
class CareWaiting extends Reactive {
    constructor(env, { action, notification }) {
        super();
        Object.assign(this, { env, notification, taps: [] });
        const doActionButton = action.doActionButton;
        action.doActionButton = async (params, ...options) => {
            const { buttonContext, type, resId } = params;
            const mayWait = buttonContext?.care_waits && type === "object" && resId;
            if (mayWait && this.taps.length) {
                return this.add(params); // in their order
            }
            try {
                return await doActionButton.call(action, params, ...options);
            } catch (error) {
                if (!mayWait || !isGone(error)) {
                    throw error;
                }
                this.add(params);
                if (!(error instanceof ConnectionLostError)) {
                    throw error; // logged out: Odoo asks for a new login
                }
            }
        };
        browser.addEventListener("online", () => this.send());
    }

    async load() {
        this.taps.push(...((await kept(KEPT_AS))?.value || []));
        this.sendSoon();
    }

    waits({ resModel, resId }) {
        return this.taps.some((tap) => tap.model === resModel && tap.id === resId);
    }

    add({ resModel: model, resId: id, name, args, context, buttonContext }) {
        const more = args ? JSON.parse(args.replace(/'/g, '"')) : [];
        // the same button once more: a second tap, or another answer instead
        this.taps = this.taps.filter((tap) => tap.model !== model || tap.id !== id || tap.name !== name);
        this.taps.push({
            model,
            id,
            name,
            args: more,
            context: { ...context, ...buttonContext },
            at: Date.now(),
        });
        this.changed();
    }

    takeBack({ resModel, resId }) {
        this.taps = this.taps.filter((tap) => tap.model !== resModel || tap.id !== resId);
        this.changed();
    }

    changed() {
        keep(KEPT_AS, this.taps);
        this.sendSoon();
    }

    sendSoon() {
        browser.clearTimeout(this.again);
        if (this.taps.length) {
            this.again = browser.setTimeout(() => this.send(), RETRY_MS);
        }
    }

    async send() {
        if (this.isSending) {
            return;
        }
        this.isSending = true;
        try {
            while (this.taps.length && (await whoIsLoggedIn()) === user.userId) {
                await this.sendOne(this.taps[0]);
            }
        } catch (error) {
            if (!isGone(error)) {
                throw error;
            }
        } finally {
            this.isSending = false;
            this.sendSoon();
        }
    }

    async sendOne(tap) {
        const { model, id, name, args, context, at } = tap;
        const params = { model, method: name, args: [[id], ...args], kwargs: { context } };
        try {
            await rpc(`/web/dataset/call_button/${model}/${name}`, params, { silent: true });
        } catch (error) {
            if (isGone(error)) {
                throw error;
            }
            const time = DateTime.fromMillis(at).toLocaleString(DateTime.TIME_SIMPLE);
            const title = _t("What you tapped at %(time)s was not taken", { time });
            this.notification.add(error.data?.message, { title, type: "danger", sticky: true });
        }
        this.taps = this.taps.filter((each) => each.at !== at);
        await keep(KEPT_AS, this.taps);
        this.env.bus.trigger("CARE_TAP_SENT", { resModel: model, resId: id });
    }
}

registry.category("services").add("care_waiting", {
    dependencies: ["action", "notification"],
    start(env, services) {
        const waiting = new CareWaiting(env, services);
        waiting.load();
        return waiting;
    },
});

/** On a tile or a form: that a tap of it waits. */
export class CareWaits extends Component {
    static template = "social_care.CareWaits";
    static props = standardWidgetProps;

    setup() {
        this.waiting = useService("care_waiting");
        useBus(this.env.bus, "CARE_TAP_SENT", ({ detail }) => {
            const { resModel, resId, model } = this.props.record;
            if (detail.resModel === resModel && detail.resId === resId && !model.root.dirty) {
                model.load();
            }
        });
    }

    get waits() {
        return this.waiting.waits(this.props.record);
    }
}

registry.category("view_widgets").add("care_waits", { component: CareWaits });
