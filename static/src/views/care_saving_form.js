import { onMounted, onWillUnmount } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { useDebounced } from "@web/core/utils/timing";
import { FormController } from "@web/views/form/form_controller";

import "./care_form";

// So long after the last touch what has been typed is saved, and so long at most while the typing goes on.
const SAVE_AFTER_MS = 1200;
const SAVE_WITHIN_MS = 5000;

/** A form that saves itself as it is typed, for a telephone that goes dark in the middle of a call. */
export class CareSavingFormController extends FormController {
    setup() {
        super.setup();
        this.saveSoon = useDebounced(() => this.saveRecordNow(), SAVE_AFTER_MS);
        const onInput = () => {
            this.saveSoon();
            this.latest ??= browser.setTimeout(() => this.saveRecordNow(), SAVE_WITHIN_MS);
        };
        let element = null;
        onMounted(() => {
            element = this.rootRef.el;
            element?.addEventListener("input", onInput);
        });
        onWillUnmount(() => {
            element?.removeEventListener("input", onInput);
            browser.clearTimeout(this.latest);
        });
    }

    get modelParams() {
        const params = super.modelParams;
        const { onRecordChanged } = params.hooks;
        params.hooks.onRecordChanged = () => {
            onRecordChanged();
            this.saveSoon(); // not awaited: the save waits for the very change that calls this
        };
        return params;
    }

    saveRecordNow() {
        browser.clearTimeout(this.latest);
        this.latest = undefined;
        return this.model.root.resId && this.saveNow();
    }
}
