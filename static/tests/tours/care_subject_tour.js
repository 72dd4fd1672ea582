import { registry } from "@web/core/registry";

// A manager makes the unit's part of an extract: collect, judge what tells of others, release, hand over.
registry.category("web_tour.tours").add("care_subject_tour", {
    steps: () => [
        { trigger: ".o_data_row td[name=reference]", run: "click" },
        { content: "collect", trigger: "button[name=action_collect]:visible", run: "click" },
        {
            content: "it tells of her sister",
            trigger: ".o_data_row:contains(Lisa Syster) button[name=action_judge]",
            run: "click",
        },
        {
            content: "hold the number back",
            trigger: ".modal .o_data_row:contains(070-174 06 44) td[name=hold] input",
            run: "click",
        },
        {
            content: "why",
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Systern vill inte att numret lämnas ut",
        },
        { trigger: ".modal button[name=action_judge]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { content: "it is judged", trigger: ".o_data_row:contains(Lisa Syster) .badge" },
        { content: "read", trigger: ".o_field_widget[name=read_through] input", run: "click" },
        { content: "release", trigger: "button[name=action_release]", run: "click" },
        { trigger: ".modal .modal-footer .btn-primary", run: "click" },
        {
            content: "hand over",
            trigger:
                ".o_form_statusbar button.btn-primary:not([name=action_release]):not([name=action_collect])",
            run: "click",
        },
        { trigger: ".modal button[name=action_hand_over]", run: "click" },
        {
            content: "done",
            trigger:
                ".o_arrow_button_current[data-value=handed], .o_statusbar_status [data-value=handed].o_arrow_button_current",
        },
    ],
});
