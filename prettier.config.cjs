// Formatting of XML, JavaScript and styles; run by `make lint` and `make format`.
module.exports = {
    plugins: [require.resolve("@prettier/plugin-xml")],
    printWidth: 110,
    tabWidth: 4,
    xmlSelfClosingSpace: false,
    // spaces in QWeb are content
    xmlWhitespaceSensitivity: "preserve",
};
