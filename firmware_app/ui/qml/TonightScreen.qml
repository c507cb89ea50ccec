import QtQuick

// One of tonight's contacts, to open, correct or take back.
Page {
    id: page
    title: shown.who
    readonly property var shown: app.given
    property bool takingBack: false
    property string reason
    Words { width: parent.width; soft: true; text: page.shown.time + (page.shown.amended ? " · " + qsTr("ui:tonight:amended") : "") + (page.shown.retracted ? " · " + qsTr("label:retracted") : "") }
    readonly property bool earlier: page.shown.earlier === true
    Words { width: parent.width; visible: page.earlier; text: qsTr("ui:earlier:unreadable") }
    Words { width: parent.width; visible: !page.earlier; text: [page.shown.went, page.shown.how, page.shown.where].filter(part => part !== "").join(" · ") }
    Words { width: parent.width; visible: !page.earlier && page.shown.about !== ""; text: page.earlier ? "" : page.shown.about }
    Words { width: parent.width; visible: !page.earlier && page.shown.minutes !== ""; text: app.fill(qsTr("ui:tonight:minutes"), [page.shown.minutes]) }
    Words { width: parent.width; visible: !page.earlier && page.shown.note !== ""; text: page.earlier ? "" : page.shown.note }
    Field { width: parent.width; visible: page.takingBack; label: qsTr("ui:contact:reason"); onEdited: text => page.reason = text }
    // On its side there is more room beside one another than above.
    foot: Flow {
        id: taps
        width: parent.width
        spacing: Look.gap
        readonly property real each: Look.wide ? (width - 2 * spacing) / 3 : width
        Tap { width: taps.each; visible: page.shown.clientId !== "" && !page.takingBack; text: qsTr("ui:tonight:card"); onClicked: { woman.open(page.shown.clientId); app.go("woman"); } }
        Tap { width: taps.each; visible: !page.shown.retracted && !page.takingBack; text: qsTr("ui:contact:correct"); onClicked: { contact.correct(page.shown); app.go("contact"); } }
        Tap {
            width: taps.each
            visible: !page.shown.retracted
            primary: page.takingBack
            enabled: !page.takingBack || page.reason.trim() !== ""
            text: qsTr("ui:tonight:take_back")
            onClicked: {
                if (!page.takingBack) { page.takingBack = true; return; }
                contact.retract(page.shown.id, page.reason);
                app.home();
            }
        }
    }
}
