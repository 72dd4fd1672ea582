import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");
const backToList = {
    trigger: ".o_control_panel .o_back_button, .o_breadcrumb .breadcrumb-item a",
    run: "click",
};

function choose(field, text, shown = text) {
    return [
        { trigger: `.o_field_widget[name=${field}] input`, run: `edit ${text}` },
        {
            trigger: `.o-autocomplete--dropdown-item:first-child:not(.o_m2o_dropdown_option) a:contains(${shown})`,
            run: "click",
        },
    ];
}

function wish(employee, priority) {
    return [
        { trigger: ".o_list_button_add", run: "click" },
        ...choose("client_id", "Ek", "K0"),
        { content: "The unit is the client's", trigger: ".o_field_widget[name=unit_id] input:value(Norr)" },
        ...choose("task_type_id", "Fiske"),
        ...choose("employee_id", employee),
        { trigger: ".o_field_widget[name=priority] input", run: `edit ${priority}` },
        ...stepUtils.saveForm(),
        { trigger: ".o_arrow_button_current[data-value=wished]" },
        backToList,
        { trigger: `.o_data_row:contains(${employee})` },
    ];
}

// The client wishes for two persons for one kind of task, in order of preference.
tours.add("care_staff_choice_wish", {
    steps: () => [...wish("north_colleague", 1), ...wish("north_manager", 2)],
});

// The manager accepts the first and declines the second, with a reason.
tours.add("care_staff_choice_decide", {
    steps: () => [
        { trigger: ".o_data_row:contains(north_colleague) .o_data_cell", run: "click" },
        { trigger: ".o_form_view button[name=action_accept]", run: "click" },
        { trigger: ".o_arrow_button_current[data-value=accepted]" },
        backToList,
        { trigger: ".o_data_row:contains(north_manager) .o_data_cell", run: "click" },
        { trigger: ".o_form_view button[name=action_open_decline]", run: "click" },
        { trigger: ".modal .o_field_widget[name=reason] input", run: "edit Chefen har inte tid" },
        { trigger: ".modal button[name=action_decline]", run: "click" },
        { trigger: ".alert-danger:contains(Chefen har inte tid)" },
    ],
});
