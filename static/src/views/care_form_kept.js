import { onWillUnmount, useEffect, useExternalListener } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { FormController } from "@web/views/form/form_controller";

import { isOurs } from "./care_form";
import { forget, keep, kept, markSent } from "./care_kept";
import { seenBy } from "./care_seen";
import { isSaid, putBack, textsOf } from "./care_typed";

const { DateTime } = luxon;

// So long after it is typed it is kept in the browser.
const KEEP_AFTER_MS = 1000;

/** What is typed in a form of ours is kept in the browser until it is saved, and offered back there. See care_kept.js. */
patch(FormController.prototype, {
    setup() {
        super.setup();
        if (!isOurs(this.props.resModel)) {
            return;
        }
        this.turn = 0;
        useExternalListener(document, "input", () => this.keepSoon(), { capture: true });
        useEffect(
            () => {
                this.offerKept();
                return () => this.closeOffer?.();
            },
            () => [this.model.root.resId],
        );
        onWillUnmount(() => browser.clearTimeout(this.keepTimer));
    },

    get modelParams() {
        const params = super.modelParams;
        params.hooks.onRecordChanged = () => this.keepSoon();
        return params;
    },

    keepSoon() {
        if (isOurs(this.props.resModel) && this.isShown()) {
            this.keepTimer ??= browser.setTimeout(() => this.keepTyped(), KEEP_AFTER_MS);
        }
    },

    async keepTyped() {
        this.keepTimer = undefined;
        const { root, seenEarlier } = this.model;
        const changes = this.changesNow();
        if (changes) {
            const { turn } = this;
            const seen = root.isNew ? {} : seenBy(root, changes, seenEarlier);
            // what Odoo has worked out from what was typed, in fields that nobody types in
            const derived = Object.keys(changes).filter((each) => root._isReadonly(each));
            this.keptAs = this.keptName;
            this.keptPlace = await keep(this.keptAs, { changes, seen, derived }, () => turn === this.turn);
        }
    },

    /** The record, or for a new one what it is to be made for. */
    get keptName() {
        const { resModel, resId, context } = this.model.root;
        const made = Object.entries(context).filter(([name]) => /^(default_|active_(id|model)$)/.test(name));
        return `${resModel},${resId || JSON.stringify(made.sort())}`;
    },

    /** It is saved, or thrown away. What is offered and not yet answered stays. */
    async forgetKept() {
        this.turn++;
        const { keptAs, offered } = this;
        this.keptAs = undefined;
        if (keptAs && offered?.name === keptAs) {
            await keep(keptAs, offered.value);
        } else if (keptAs) {
            await forget(keptAs);
        }
    },

    async offerKept() {
        const { root } = this.model;
        const name = this.keptName;
        const found = await kept(name);
        if (!found || !this.isShown() || name !== this.keptName) {
            return;
        }
        const { changes } = found.value;
        for (const each of Object.keys(changes)) {
            if (!(each in root.activeFields)) {
                delete changes[each]; // the form has it no more
            }
        }
        if (!Object.keys(changes).length) {
            return;
        }
        if (!root.isNew && isSaid(root, changes)) {
            return forget(name);
        }
        const close = this.env.services.notification.add(...this.offer(root, name, found));
        this.offered = { name, value: found.value };
        this.closeOffer = () => {
            close();
            this.offered = this.closeOffer = undefined;
        };
    },

    offer(root, name, { at, sent, value }) {
        const time = DateTime.fromMillis(at).toLocaleString(DateTime.DATETIME_SHORT);
        const throwAway = () => {
            this.closeOffer();
            return forget(name);
        };
        const takeBack = async () => {
            this.closeOffer();
            this.keptAs = name;
            this.model.seenEarlier = value.seen;
            await this.model.mutex.exec(() => putBack(root, value.changes));
        };
        const buttons = [{ name: _t("Throw Away"), onClick: throwAway }];
        const typed = Object.keys(value.changes).filter((each) => !value.derived?.includes(each));
        let message;
        if (!root.isInEdition || typed.some((each) => root._isReadonly(each))) {
            const text = textsOf(root, value.changes).join("\n\n");
            message = _t("What you had written here at %(time)s cannot be saved any more:\n%(text)s", {
                time,
                text,
            });
        } else {
            message = sent
                ? _t("You had written here at %(time)s. It may have been saved when the page was closed.", {
                      time,
                  })
                : _t("You had written here at %(time)s, and it was not saved.", { time });
            buttons.unshift({ name: _t("Take It Back"), primary: true, onClick: takeBack });
        }
        return [message, { type: "info", sticky: true, className: "o_care_kept text-prewrap", buttons }];
    },

    async onRecordSaved() {
        await super.onRecordSaved(...arguments);
        if (isOurs(this.props.resModel)) {
            await this.forgetKept();
        }
    },

    /** Odoo sends in haste what is not saved. Of a new record nobody can tell afterwards whether it came. */
    async beforeUnload() {
        if (this.keptPlace && this.model.root.isNew) {
            markSent(this.keptPlace);
        }
        return super.beforeUnload(...arguments);
    },

    async discard() {
        await super.discard();
        if (isOurs(this.props.resModel)) {
            delete this.model.seenEarlier;
            await this.forgetKept();
        }
    },
});
