import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { x2ManyCommands } from "@web/core/orm_service";
import { registry } from "@web/core/registry";
import { patch } from "@web/core/utils/patch";
import { Record } from "@web/model/relational_model/record";
import { RelationalModel } from "@web/model/relational_model/relational_model";

const NOT_COMPARED = ["binary", "json", "properties", "properties_definition"];

/**
 * What the fields said on the screen that these changes write, and those of their lines. See base_seen.py.
 *
 * @param {object} [earlier] what they said when the writing began, where that was before the page was loaded
 */
export function seenBy(record, changes, earlier = {}) {
    const seen = {};
    for (const [name, value] of Object.entries(changes)) {
        const type = record.fields[name]?.type;
        if (type === "one2many" || type === "many2many") {
            seen[name] = {};
            for (const [code, id, vals] of value) {
                const line = record.data[name]._cache[id];
                if (code === x2ManyCommands.UPDATE && line) {
                    seen[name][id] = seenBy(line, vals, earlier[name]?.[id]);
                }
            }
        } else if (type && !NOT_COMPARED.includes(type)) {
            seen[name] =
                name in earlier ? earlier[name] : record._formatServerValue(type, record._values[name]);
        }
    }
    return seen;
}

/** Over what somebody has saved meanwhile: mine goes over it, or gives way to it. */
function settle({ care_changed }, changes, seen, mine) {
    for (const { path, now } of care_changed) {
        let [vals, said] = [changes, seen];
        const name = path.pop();
        for (let at = 0; at < path.length; at += 2) {
            const [list, id] = path.slice(at, at + 2);
            vals = vals[list].find((command) => command[1] === id)[2];
            said = said[list][id];
        }
        if (mine) {
            said[name] = now;
        } else {
            delete vals[name];
        }
    }
}

/** Each save of our models tells what the screen said, and asks the writer where somebody was first. */
patch(RelationalModel.prototype, {
    setup() {
        super.setup(...arguments);
        if (!this.config.resModel.startsWith("care.")) {
            return;
        }
        const { orm, hooks } = this;
        let seen;
        this.hooks = {
            ...hooks,
            onWillSaveRecord: (record, changes) => {
                seen = seenBy(record, changes, this.seenEarlier);
                return hooks.onWillSaveRecord(record, changes);
            },
        };
        this.orm = Object.assign(Object.create(orm), {
            webSave: async (resModel, ids, changes, kwargs) => {
                const context = { ...kwargs.context, care_seen: ids.length ? seen : undefined };
                for (;;) {
                    try {
                        const records = await orm.webSave(resModel, ids, changes, { ...kwargs, context });
                        delete this.seenEarlier;
                        return records;
                    } catch (error) {
                        const mine = await this.askWhose(error);
                        settle(error.data.context, changes, seen, mine);
                    }
                }
            },
        });
    },

    /** Whether the writer's own words are saved; the error itself where it is another, or the writer goes on writing. */
    askWhose(error) {
        if (!error.data?.context?.care_changed) {
            throw error;
        }
        return new Promise((resolve, reject) => {
            this.dialog.add(ConfirmationDialog, {
                title: _t("Somebody has changed the same"),
                body: error.data.message,
                confirmLabel: _t("Save What I Wrote"),
                confirm: () => resolve(true),
                cancelLabel: _t("Keep What It Says Now"),
                cancel: () => resolve(false),
                dismiss: () => reject(Object.assign(error, { careAsked: true })),
            });
        });
    },
});

/** A page that is closed saves in haste, past all hooks. */
patch(Record.prototype, {
    _getChanges() {
        const changes = super._getChanges(...arguments);
        if (
            this.model._urgentSave &&
            this.resId &&
            !this._parentRecord &&
            this.resModel.startsWith("care.")
        ) {
            const seen = seenBy(this, changes, this.model.seenEarlier);
            this.config.context = { ...this.config.context, care_seen: seen };
        }
        return changes;
    },
});

registry.category("error_handlers").add(
    "care_seen",
    (env, error, originalError) => {
        if (originalError?.careAsked) {
            error.unhandledRejectionEvent.preventDefault();
            return true;
        }
        return false;
    },
    { sequence: 89 },
);
