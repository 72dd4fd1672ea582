import { onMounted, onWillUnmount, status, useComponent } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { useDebounced } from "@web/core/utils/timing";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

// So long after the last touch what has been typed is saved.
const QUIET = 1200;

/**
 * The form of an on-call event: it saves itself as it is typed, for a telephone that goes dark in the
 * middle of a call, and sends along what each field said before, so that the server can tell when a
 * colleague has changed the same field in the meantime.
 */
export class CareOncallEventFormController extends FormController {
    setup() {
        super.setup();
        const component = useComponent();
        this.saveSoon = useDebounced(async () => {
            if (status(component) === "mounted" && this.model.root.resId) {
                await this.model.root.save();
            }
        }, QUIET);
        const onInput = () => this.saveSoon();
        let element = null;
        onMounted(() => {
            element = this.rootRef.el;
            element?.addEventListener("input", onInput);
        });
        onWillUnmount(() => element?.removeEventListener("input", onInput));
    }

    get modelParams() {
        const params = super.modelParams;
        params.hooks.onRecordChanged = () => {
            this.saveSoon(); // not awaited: the save waits for the very change that calls this
        };
        return params;
    }

    async onWillSaveRecord(record, changes) {
        if (record.resId) {
            changes.base_values = {};
            for (const name of Object.keys(changes)) {
                const field = record.fields[name];
                if (field && !["one2many", "many2many"].includes(field.type)) {
                    changes.base_values[name] = record._formatServerValue(field.type, record._values[name]);
                }
            }
        }
        return super.onWillSaveRecord(record, changes);
    }
}

registry.category("views").add("care_oncall_event_form", {
    ...formView,
    Controller: CareOncallEventFormController,
});
