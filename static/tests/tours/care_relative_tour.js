import { registry } from "@web/core/registry";

const badge = (field, value) => [
    {
        content: `${field}: ${value}`,
        trigger: `.o_field_widget[name=${field}] .o_selection_badge[value='"${value}"']`,
        run: "click",
    },
    { trigger: `.o_field_widget[name=${field}] .o_selection_badge.active[value='"${value}"']` },
];

// An anonymous call on a phone: five taps and save.
registry.category("web_tour.tours").add("care_relative_contact_tour", {
    steps: () => [
        ...badge("minutes_choice", "30"),
        ...badge("relation", "sibling"),
        ...badge("age_band", "45_64"),
        ...badge("need_code", "respite"),
        {
            content: "save",
            trigger: "button[name=action_note_next]",
            run: "click",
        },
        { content: "it is noted, and the next is waited for", trigger: ".o_notification" },
        {
            trigger: ".o_field_widget[name=need_code] .o_selection_badge.active[value='\"listen\"']",
        },
    ],
});

// A referral: who, the number, the yes. The receipt is all that comes back.
registry.category("web_tour.tours").add("care_referral_tour", {
    steps: () => [
        { trigger: ".modal .o_field_widget[name=relative_name] input", run: "edit Gun Ek" },
        { trigger: ".modal .o_field_widget[name=phone] input", run: "edit 070-174 06 60" },
        { trigger: ".modal .o_field_widget[name=wish] textarea", run: "edit En grupp" },
        { content: "she says yes", trigger: ".modal .o_field_widget[name=consent] input", run: "click" },
        {
            content: "the yes is hers",
            trigger: ".modal .o_field_widget[name=consent_by] input",
            run: "edit Gun Ek",
        },
        { content: "send", trigger: ".modal button[name=action_send]", run: "click" },
        { content: "a receipt, and nothing else", trigger: ".o_notification:contains(R-)" },
    ],
});

// The supporter takes the referral, talks, opens a case and offers a group.
registry.category("web_tour.tours").add("care_referral_to_group_tour", {
    steps: () => [
        { trigger: ".o_data_row td[name=relative_name]:contains(Gun Ek)", run: "click" },
        { content: "I take it", trigger: "button[name=action_receive]", run: "click" },
        { content: "we have talked", trigger: "button[name=action_contacted]", run: "click" },
        { trigger: "body:not(:has(button[name=action_contacted]))" },
        { content: "a case", trigger: "button[name=action_open_case]", run: "click" },
        { content: "offer a group", trigger: "button[name=action_offer_group]", run: "click" },
        { trigger: ".modal .o_field_widget[name=group_id] input", run: "edit Onsdagsgruppen" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Onsdagsgruppen)", run: "click" },
        { content: "on the list", trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { content: "the case shows the group", trigger: ".o_notebook_headers [name=groups]", run: "click" },
        { trigger: ".o_field_widget[name=participant_ids] .o_data_row:contains(Onsdagsgruppen)" },
    ],
});

// A place from the waiting list, and who came.
registry.category("web_tour.tours").add("care_support_group_tour", {
    steps: () => [
        { trigger: ".o_kanban_record:contains(Onsdagsgruppen)", run: "click" },
        {
            content: "give the next in line a place",
            trigger: "button[name=action_next_in_line]",
            run: "click",
        },
        { content: "she takes part", trigger: ".o_data_row button[name=action_join]", run: "click" },
        { trigger: "body:not(:has(button[name=action_join]))" },
        { content: "the meetings", trigger: ".o_notebook_headers [name=sessions]", run: "click" },
        {
            trigger: ".o_field_widget[name=session_ids] .o_data_row td[name=theme]",
            run: "click",
        },
        { content: "everyone came", trigger: ".modal button[name=action_all_came]", run: "click" },
        { trigger: ".modal .o_field_widget[name=head_count]:contains(1)" },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

// An outreach round: somebody is added, says no, and the names are erased before their date.
registry.category("web_tour.tours").add("care_outreach_tour", {
    steps: () => [
        { trigger: ".o_data_row td[name=name]:contains(Vårbrevet)", run: "click" },
        { content: "who", trigger: "button[name=action_lines]", run: "click" },
        { trigger: ".o_data_row:contains(Åke Sund) button[name=action_no]", run: "click" },
        { trigger: ".o_data_row:contains(Åke Sund):not(:has(button[name=action_no]))" },
        { content: "back", trigger: ".o_back_button a, a.o_back_button", run: "click" },
        { trigger: "button[name=action_erase_now]", run: "click" },
        { trigger: ".modal .btn-primary", run: "click" },
        { trigger: "body:not(:has(button[name=action_erase_now]))" },
    ],
});

// The year for the board.
registry.category("web_tour.tours").add("care_relative_year_tour", {
    steps: () => [
        { trigger: ".modal .o_field_widget[name=unit_ids] .o_tag" },
        { trigger: ".modal button[name=action_print]" },
    ],
});
