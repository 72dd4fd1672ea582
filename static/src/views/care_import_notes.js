import { BaseImportModel } from "@base_import/import_model";
import { patch } from "@web/core/utils/patch";

// What the server says of rows although nothing is wrong with them (care.imported). The page closes after an import.
patch(BaseImportModel.prototype, {
    async _callImport(dryrun, args) {
        const result = await super._callImport(dryrun, args);
        for (const note of result.notes || []) {
            if (dryrun) {
                this._addMessage("info", [note]);
            } else {
                this.notificationService.add(note, { type: "info", sticky: true });
            }
        }
        return result;
    },
});
