import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");

function search(text) {
    return [
        {
            content: "Write a personal number the way one happens to have it",
            trigger: ".o_searchview_input",
            run: `edit ${text}`,
        },
        { trigger: ".o_searchview_autocomplete .o-dropdown-item.focus", run: "click" },
        { trigger: ".o_searchview .o_facet_value" },
    ];
}

// A manager admits a client: the intake first, then the stay that opens the file to the unit.
tours.add("care_client_admit", {
    steps: () => [
        { trigger: ".o_list_button_add, .o-kanban-button-new", run: "click" },
        { trigger: ".o_field_widget[name=firstname] input", run: "edit Disa" },
        { trigger: ".o_field_widget[name=lastname] input", run: "edit Dahl" },
        {
            trigger: ".o_field_widget[name=personal_number_written] input",
            run: "edit 650314-9863 && press Tab",
        },
        {
            content: "The century was added",
            trigger: ".o_field_widget[name=personal_number_written] input:value(19650314-9863)",
        },
        {
            content: "Whoever manages one unit admits to that unit",
            trigger: ".tab-pane .o_field_widget[name=intake_unit_id] input:value(Norr)",
        },
        ...stepUtils.saveForm(),
        { trigger: ".oe_stat_button[name=action_open_stays]", run: "click" },
        { trigger: ".o_list_table th[data-name=dwelling_id]" },
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name=unit_id] input:value(Norr)" },
        ...stepUtils.saveForm(),
        { trigger: ".o_arrow_button_current[data-value=active]" },
    ],
});

tours.add("care_client_find", {
    steps: () => [
        ...search("400604-9987"),
        { trigger: ".o_data_cell:contains(Ek, Astrid)", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=reference]" },
        { trigger: ".o_field_widget[name=personal_number_written]:contains(19400604-9987)" },
    ],
});

tours.add("care_client_not_found", {
    steps: () => [
        ...search("19400604-9987"),
        { trigger: ".o_view_nocontent" },
        { trigger: "body:not(:has(.o_data_row))" },
    ],
});
