import { Component, xml } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * A list of links to rows of the record on the screen. A link opens its row on top of the record, so that
 * the list is a tap away, and shorter, when the row is saved. A link to the record
 * itself opens the page where the field is.
 */
export class CareRowLinks extends Component {
    static template = xml`<div class="o_care_row_links" t-out="value" t-on-click="onClick"/>`;
    static props = { ...standardFieldProps };

    setup() {
        this.dialog = useService("dialog");
    }

    get value() {
        return this.props.record.data[this.props.name] || "";
    }

    async onClick(ev) {
        const link = ev.target.closest("a[data-model]");
        const { record } = this.props;
        if (!link) {
            return;
        }
        ev.preventDefault();
        const { model, id, page } = link.dataset;
        if (model === record.resModel) {
            link.closest(".o_form_view")?.querySelector(`.o_notebook .nav-link[name=${page}]`)?.click();
            return;
        }
        if (!(await record.save())) {
            return;
        }
        this.dialog.add(
            FormViewDialog,
            { resModel: model, resId: Number(id), title: _t("Fill In") },
            { onClose: () => record.load() },
        );
    }
}

registry.category("fields").add("care_row_links", {
    component: CareRowLinks,
    supportedTypes: ["html"],
});
