import QtQuick

// First use, and a colleague's first PIN: which ticket, who she is, a PIN typed twice. Nothing is enrolled before the end.
Page {
    id: page
    readonly property bool further: lock.users > 0
    title: further ? qsTr("ui:enrol:colleague") : qsTr("ui:enrol:title")
    canGoBack: !enrol.busy && (further || lock.needsTicket)
    Component.onCompleted: enrol.look()
    Component.onDestruction: { lock.clear(); lock.remember(); }
    readonly property bool ready: enrol.chosen && enrol.user !== "" && (!enrol.asksAddress || enrol.address.trim() !== "")

    property bool onward: false
    readonly property bool asks: enrol.users.length > 1 || enrol.asksAddress
    readonly property bool atPin: ready && (onward || !asks)
    // Where the server was not found she says where it is, before a PIN is asked for again.
    Connections { target: enrol; function onChanged() { if (!enrol.chosen || enrol.message !== "") page.onward = false; } }

    Words { width: parent.width; visible: text !== ""; text: enrol.message !== "" ? "! " + enrol.message : ""; color: Look.trouble }
    Chips {
        width: parent.width
        visible: !page.further && !enrol.chosen
        choices: [{ code: "nl", word: "Nederlands" }, { code: "en", word: "English" }]
        chosen: [prefs.language]
        onPicked: code => prefs.language = code
    }
    Words {
        width: parent.width
        visible: !enrol.chosen
        text: enrol.looking ? qsTr("ui:enrol:looking") : enrol.tickets.length === 0 ? qsTr("ui:enrol:none") : qsTr("ui:enrol:which")
    }
    Repeater {
        model: enrol.chosen ? [] : enrol.tickets
        Tap {
            required property var modelData
            required property int index
            width: parent.width
            atStart: true
            text: modelData.name
            under: modelData.stick
            onClicked: enrol.choose(index)
        }
    }
    Tap { width: parent.width; visible: !enrol.chosen && !enrol.looking; text: qsTr("ui:enrol:look_again"); onClicked: enrol.look() }

    Words { width: parent.width; visible: enrol.chosen && enrol.users.length > 1 && !page.atPin; soft: true; text: qsTr("ui:enrol:who") }
    Chips {
        width: parent.width
        visible: enrol.chosen && enrol.users.length > 1 && !page.atPin
        choices: enrol.users.map(name => ({ code: name, word: name }))
        chosen: [enrol.user]
        onPicked: code => enrol.user = code
    }
    Field {
        width: parent.width
        visible: enrol.chosen && enrol.asksAddress && !page.atPin
        label: qsTr("ui:enrol:address")
        text: enrol.address
        onEdited: text => enrol.address = text
    }
    Words {
        width: parent.width
        visible: page.atPin
        text: enrol.busy ? qsTr("ui:enrol:busy") : lock.remembered ? qsTr("label:new_pin_again") : qsTr("ui:enrol:pin_means")
    }
    PinPad {
        visible: page.atPin && !enrol.busy
        usable: true
        anchors.horizontalCenter: parent.horizontalCenter
        columns: Look.wide ? 6 : 3
        action: lock.remembered ? qsTr("ui:contact:save") : qsTr("ui:key:done")
        onEntered: lock.remembered ? enrol.enrol() : lock.remember()
    }
    foot: Flow {
        id: taps
        width: parent.width
        spacing: Look.gap
        readonly property real each: Look.wide ? (width - spacing) / 2 : width
        Tap { width: taps.each; visible: enrol.chosen && page.asks && !page.atPin; enabled: page.ready; primary: true; text: qsTr("ui:enrol:next"); onClicked: page.onward = true }
        // On its side there is room for the digits or for this.
        Tap { width: taps.each; visible: enrol.chosen && !enrol.busy && !(Look.wide && page.atPin); text: qsTr("ui:enrol:other_ticket"); onClicked: enrol.look() }
    }
}
