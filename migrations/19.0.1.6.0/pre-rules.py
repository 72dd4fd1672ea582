def migrate(cr, version):
    """The page that showed periods of relative support is gone: Odoo would look for its fields before it goes."""
    cr.execute(
        "DELETE FROM ir_ui_view v USING ir_model_data d WHERE d.module = 'social_care' AND d.model = 'ir.ui.view'"
        " AND d.name = 'res_config_settings_view_form_relative' AND v.id = d.res_id"
    )
