import { Component, xml } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const isSame = (row, other) => row.resModel === other.resModel && row.resId === other.resId;

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
        this.action = useService("action");
    }

    get value() {
        return this.props.record.data[this.props.name] || "";
    }

    /** The page is on the form: below the dialog, if the list is shown in one. */
    async showPage(page) {
        if (this.env.inDialog) {
            await this.action.doAction({ type: "ir.actions.act_window_close" });
        }
        const tab = document.querySelector(`.o_action_manager .o_notebook .nav-link[name=${page}]`);
        tab?.click();
        // The page is drawn in the next frame; on a phone it lies below the screen.
        requestAnimationFrame(() => requestAnimationFrame(() => tab?.scrollIntoView()));
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
            await this.showPage(page);
            return;
        }
        if (await record.save()) {
            this.openRow(model, Number(id));
        }
    }

    /** When a row is saved the next one of the list opens; whoever has had enough cancels. */
    openRow(resModel, resId) {
        const rows = this.rows();
        const later = rows.slice(rows.findIndex((row) => isSame(row, { resModel, resId })) + 1);
        let saved = false;
        this.dialog.add(
            FormViewDialog,
            { resModel, resId, title: _t("Fill In"), onRecordSaved: () => (saved = true) },
            {
                onClose: async () => {
                    await this.props.record.load();
                    const left = this.rows();
                    const next = saved && later.find((row) => left.some((other) => isSame(row, other)));
                    if (next) {
                        this.openRow(next.resModel, next.resId);
                    }
                },
            },
        );
    }

    /** Those that open on top of the record, in the order of the list. */
    rows() {
        const list = new DOMParser().parseFromString(String(this.value), "text/html");
        return [...list.querySelectorAll("a[data-model]")]
            .map(({ dataset }) => ({ resModel: dataset.model, resId: Number(dataset.id) }))
            .filter((row) => row.resModel !== this.props.record.resModel);
    }
}

registry.category("fields").add("care_row_links", {
    component: CareRowLinks,
    supportedTypes: ["html"],
});
