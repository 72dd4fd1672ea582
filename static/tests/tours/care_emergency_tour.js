import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// Two in the morning at telephone width: from the shift, with a number and a reason, into a file that may
// be read and not changed, under a banner that says until when; and out again before the time.
tours.add("care_emergency_open", {
    steps: () => [
        {
            content: "The way in is on the first screen",
            trigger: "button.btn-outline-danger:visible:has(.fa-unlock-alt)",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=identifier] input", run: "edit 720312-9981" },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Hittad i trapphuset, svarar inte",
        },
        { trigger: ".modal button[name=action_open]", run: "click" },
        {
            content: "The file is open, and says until when",
            trigger: ".o_form_view .alert-danger:visible .o_field_widget[name=emergency_until]",
        },
        { trigger: ".o_form_view .o_field_widget[name=name]:contains(Bo Al)" },
        {
            content: "Nothing can be typed into it",
            trigger: ".o_form_view:not(:has(.o_field_widget[name=phone] input))",
        },
        {
            content: "The network can be read",
            trigger: ".o_notebook .nav-link[name=network]",
            run: "click",
        },
        { trigger: ".o_field_widget[name=contact_ids]:contains(Syster till Al)" },
        { trigger: ".alert-danger button[name=action_close_emergency]", run: "click" },
        { trigger: "button[name=action_new_event]:visible" },
    ],
});
