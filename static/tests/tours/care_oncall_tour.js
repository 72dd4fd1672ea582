import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const done = { trigger: ".o_arrow_button_current[data-value=done]" };
const back = { trigger: "button[name=action_new_event]" };

function press(name) {
    return { trigger: `button[name=${name}]:visible`, run: "click" };
}

function badge(field, value) {
    return { trigger: `.o_field_widget[name=${field}] .o_selection_badge[value='"${value}"']`, run: "click" };
}

// A night at telephone width: from opening the shift, with an ordered visit and a first visit waiting,
// through an anxious call, a disturbance with a call-out, and the visits, until only the lead's closing is left.
tours.add("care_oncall_night", {
    steps: () => [
        {
            content: "The first screen is one's shift",
            trigger: ".o_arrow_button_current[data-value=planned], .o_statusbar_status",
        },
        press("action_open"),
        {
            content: "Both visits wait",
            trigger: ".o_field_widget[name=visit_ids] .o_kanban_record:contains(Ek)",
        },
        { trigger: ".o_field_widget[name=visit_ids] .o_kanban_record:contains(Lönn)" },
        {
            trigger:
                ".o_field_widget[name=visit_ids] .o_kanban_record:contains(Ek) button[name=action_acknowledge]",
            run: "click",
        },

        // An anxious call: new event, the number, the reason, what was done
        press("action_new_event"),
        badge("reason", "anxiety"),
        { trigger: ".o_field_widget[name=caller_phone] input", run: "edit 070 1740605 && press Tab" },
        {
            content: "The number found the card",
            trigger: ".o_field_widget[name=client_name]:contains(Astrid Ek)",
        },
        { trigger: ".o_field_widget[name=what_helps]:contains(Tala lugnt)" },
        { trigger: ".o_field_widget[name=description] textarea", run: "edit Kan inte sova" },
        { trigger: ".o_field_widget[name=action_taken] textarea", run: "edit Samtal" },
        press("action_done"),

        // A disturbance with a call-out
        back,
        press("action_new_event"),
        badge("kind", "disturbance"),
        badge("reason", "disturbance"),
        press("action_depart"),
        { trigger: "button[name=action_arrive]:visible" },
        press("action_arrive"),
        { trigger: "button[name=action_leave]:visible" },
        press("action_leave"),
        { trigger: ".o_field_widget[name=left_at]:visible" },
        { trigger: ".o_field_widget[name=description] textarea", run: "edit Hög musik, lugnt när vi gick" },
        press("action_done"),

        // The first visit
        back,
        {
            trigger:
                ".o_field_widget[name=visit_ids] .o_kanban_record:contains(Lönn) button[name=action_start]",
            run: "click",
        },
        { trigger: ".o_field_widget[name=client_name]:contains(Cilla Lönn)" },
        { trigger: ".o_field_widget[name=description] textarea", run: "edit Sa hej och lämnade kortet" },
        press("action_done"),
        back,
        {
            content: "Only one visit is left",
            trigger: ".o_field_widget[name=visit_ids]:not(:has(.o_kanban_record:contains(Lönn)))",
        },
    ],
});
