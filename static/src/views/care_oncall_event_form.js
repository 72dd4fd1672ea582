import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";

import { CareSavingFormController } from "./care_saving_form";

registry.category("views").add("care_oncall_event_form", {
    ...formView,
    Controller: CareSavingFormController,
});
