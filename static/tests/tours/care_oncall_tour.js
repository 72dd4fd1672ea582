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

// In the small hours, the walk that was planned for tonight.
tours.add("care_oncall_walk", {
    steps: () => [
        { trigger: ".o_kanban_record:contains(Björkbacken)", run: "click" },
        press("action_open"),
        { trigger: "button[name=action_new_point]:enabled:visible", run: "click" },
        {
            trigger: ".modal .o_field_widget[name=category] .o_selection_badge[value*=litter]",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=place] input", run: "edit Återvinningen" },
        { trigger: ".modal .care_save", run: "click" },
        {
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=point_ids] .o_kanban_record:contains(Återvinningen)",
        },
        { trigger: ".o_statusbar_buttons button:has(.oi-ellipsis-v)", run: "click" },
        press("action_close"),
        { trigger: ".modal .btn-primary", run: "click" },
        { trigger: "button[name=action_print_protocol]:visible" },
    ],
});

// Seven o'clock: the lead closes what the crew has finished.
tours.add("care_oncall_close", {
    steps: () => [
        { trigger: ".o_arrow_button_current[data-value=open], .o_statusbar_status" },
        { trigger: ".o_field_widget[name=event_count]:visible" },
        press("action_open_close"),
        { trigger: ".modal .modal-footer button[name=action_close]:visible", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_form_view:not(:has(button[name=action_open_close]))" },
    ],
});

// The morning after, where the day begins.
tours.add("care_oncall_morning", {
    steps: () => [
        { trigger: ".o_care_handover:contains(Ring henne före lunch):contains(Astrid Ek)" },
        { trigger: ".o_care_handover .o_care_handover_read", run: "click" },
        { trigger: ".o_kanban_view:not(:has(.o_care_handover_banner))" },
    ],
});

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
            trigger: ".o_field_widget[name=client_id]:contains(Astrid Ek)",
        },
        { trigger: ".o_field_widget[name=what_helps]:contains(Tala lugnt)" },
        { trigger: ".o_field_widget[name=description] textarea", run: "edit Kan inte sova" },
        { trigger: ".o_field_widget[name=action_taken] textarea", run: "edit Samtal" },
        {
            content: "Her unit is to know in the morning",
            trigger: ".o_statusbar_buttons .dropdown-toggle",
            run: "click",
        },
        press("action_hand_over"),
        { trigger: ".modal .o_field_widget[name=note] textarea", run: "edit Ring henne före lunch" },
        { trigger: ".modal .o_field_widget[name=body]:contains(Kan inte sova)" },
        { trigger: ".modal button[name=action_send]", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_field_widget[name=handover_ids]:visible" },
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
        { trigger: ".o_field_widget[name=client_id]:contains(Cilla Lönn)" },
        { trigger: ".o_field_widget[name=description] textarea", run: "edit Sa hej och lämnade kortet" },
        press("action_done"),
        back,
        {
            content: "Only one visit is left",
            trigger: ".o_field_widget[name=visit_ids]:not(:has(.o_kanban_record:contains(Lönn)))",
        },
        {
            content: "It cannot be made, and whoever ordered it is told why",
            trigger:
                ".o_field_widget[name=visit_ids] .o_kanban_record:contains(Ek) button[name=action_open_outcome]",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=outcome] textarea", run: "edit Hon sov, vi väckte inte" },
        { trigger: ".modal button[name=action_not_done]", run: "click" },
        { trigger: "body:not(:has(.modal)):not(:has(.o_field_widget[name=visit_ids] .o_kanban_record))" },
    ],
});
