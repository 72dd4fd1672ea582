import { useEffect } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";

import { CareSavingFormController } from "./care_saving_form";

/**
 * A note saves itself on the server as it is typed, so that it survives a reload, a logout and a telephone
 * that goes dark. The cursor waits in the text.
 */
export class CareJournalEntryFormController extends CareSavingFormController {
    setup() {
        super.setup();
        // Odoo does not focus on a touch screen; here writing is what one has come for.
        useEffect(
            () => {
                const text = this.rootRef.el?.querySelector(".o_care_note_body textarea");
                if (text && !text.value) {
                    text.focus();
                }
            },
            () => [this.model.root?.resId],
        );
    }
}

registry.category("views").add("care_journal_entry_form", {
    ...formView,
    Controller: CareJournalEntryFormController,
});
