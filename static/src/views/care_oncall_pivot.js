import { registry } from "@web/core/registry";
import { pivotView } from "@web/views/pivot/pivot_view";

/** The team's own pivot. It is not downloaded: what leaves the team has its small numbers hidden. */
registry.category("views").add("care_oncall_pivot", {
    ...pivotView,
    buttonTemplate: "social_care.CareOncallPivotButtons",
});
