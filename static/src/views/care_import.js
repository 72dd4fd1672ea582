import { patch } from "@web/core/utils/patch";
import { BaseImportModel } from "@base_import/import_model";

/** Columns that nothing is read of are said. Odoo takes each message of an import for its failure. */
patch(BaseImportModel.prototype, {
    _onLoadSuccess(res) {
        super._onLoadSuccess(res);
        if (res.unread) {
            this._addMessage("warning", [res.unread]);
        }
    },

    async _callImport(dryrun) {
        const res = await super._callImport(...arguments);
        for (const { message } of res.messages?.filter((each) => each.unread) || []) {
            if (dryrun) {
                this._addMessage("warning", [message]);
            } else {
                this.env.services.notification.add(message, { type: "warning", sticky: true });
            }
        }
        return { ...res, messages: res.messages?.filter((each) => !each.unread) };
    },
});
