import QtQuick

// Samen lezen: what was written down about her tonight, and nothing else. Leaving it needs the PIN.
Page {
    id: page
    title: qsTr("ui:woman:together")
    canGoBack: false
    property bool leaving: false
    Words { width: parent.width; visible: !page.leaving; soft: true; text: qsTr("ui:together:means") }
    Repeater {
        model: page.leaving || woman.card.tonight === undefined ? [] : woman.card.tonight
        Column {
            id: entry
            required property var modelData
            width: parent.width
            spacing: Look.gap / 2
            Words { width: parent.width; text: app.fill(qsTr("ui:together:entry"), [entry.modelData.time, entry.modelData.how, entry.modelData.where, entry.modelData.went.charAt(0).toUpperCase() + entry.modelData.went.slice(1)]) }
            Words { width: parent.width; visible: entry.modelData.about !== ""; text: app.fill(qsTr("ui:together:about"), [entry.modelData.about]) }
            Words { width: parent.width; visible: entry.modelData.note !== ""; text: app.fill(qsTr("ui:together:note"), [entry.modelData.note]) }
        }
    }
    Words { width: parent.width; visible: page.leaving; text: lock.waitSeconds > 0 ? app.fill(qsTr("ui:lock:wait"), [lock.waitSeconds]) : lock.message !== "" ? lock.message : qsTr("ui:lock:enter_pin") }
    PinPad {
        visible: page.leaving
        anchors.horizontalCenter: parent.horizontalCenter
        columns: Look.wide ? 6 : 3
        onEntered: lock.confirm()
    }
    Connections { target: lock; function onConfirmed() { app.back(); } }
    foot: Tap { width: parent.width; visible: !page.leaving; primary: true; text: qsTr("ui:together:ready"); onClicked: { lock.clear(); page.leaving = true; } }
}
