import QtQuick

// Who first; then how it went. Two taps are enough, five are usual.
Page {
    id: page
    title: contact.correcting ? qsTr("ui:contact:correct") : contact.hasWho ? contact.whoText : qsTr("ui:contact:who")
    scrolls: contact.hasWho && !choosing
    property bool choosing: false
    Component.onDestruction: people.query = ""
    canGoBack: !contact.saving
    property string newName
    property string description
    function goBack() {
        if (choosing) { choosing = false; return; }
        contact.leave();
        app.back();
    }
    Connections { target: contact; function onSaved() { app.home(); } }

    fixed: Item {
        id: chooser
        anchors.fill: parent
        anchors.leftMargin: Look.edge
        anchors.rightMargin: Look.edge
        // On its side, with the keyboard up, the list stands beside what is typed.
        readonly property real across: page.squeezed ? (width - Look.gap) / 2 : width
        Column {
            id: typed
            width: chooser.across
            spacing: Look.gap / 2
            Field {
                id: search
                width: parent.width
                visible: !evening.leaseEnded
                bare: page.squeezed
                label: qsTr("ui:contact:search")
                onEdited: text => { people.query = text; page.newName = text; }
            }
            Field {
                width: parent.width
                visible: evening.leaseEnded
                bare: page.squeezed
                label: qsTr("ui:contact:new_name")
                onEdited: text => page.newName = text
            }
            Row {
                width: parent.width
                spacing: Look.gap
                Tap {
                    objectName: "unknownPerson"
                    width: (parent.width - Look.gap) / 2
                    height: page.squeezed ? Look.touch : Math.max(implicitHeight, another.implicitHeight)
                    oneLine: page.squeezed
                    text: qsTr("ui:contact:unknown")
                    onClicked: { contact.chooseUnknown(""); page.choosing = false; people.query = ""; }
                }
                Tap {
                    id: another
                    width: (parent.width - Look.gap) / 2
                    height: page.squeezed ? Look.touch : implicitHeight
                    oneLine: page.squeezed
                    enabled: page.newName.trim() !== ""
                    readonly property string whole: page.newName.trim() === "" ? qsTr("ui:contact:new_hint") : app.fill(qsTr("ui:contact:new"), [page.newName.trim()])
                    text: page.squeezed ? qsTr("ui:contact:new_short") : whole
                    says: whole
                    onClicked: { contact.chooseNew(page.newName); page.choosing = false; people.query = ""; }
                }
            }
        }
        People {
            objectName: "people"
            visible: !evening.leaseEnded
            x: page.squeezed ? chooser.across + Look.gap : 0
            y: page.squeezed ? 0 : typed.height + Look.gap
            width: chooser.across
            height: chooser.height - y
            brief: page.squeezed
            onPicked: (clientId, name) => { contact.chooseKnown(clientId, name); page.choosing = false; people.query = ""; }
        }
    }

    Words { width: parent.width; visible: contact.unread; text: qsTr("ui:earlier:form") }
    Tap {
        width: parent.width
        atStart: true
        text: contact.whoText
        under: qsTr("ui:contact:other_who")
        onClicked: page.choosing = true
    }
    Words { width: parent.width; soft: true; text: qsTr("ui:contact:outcome") }
    Chips { objectName: "outcomes"; width: parent.width; choices: contact.outcomes; chosen: [contact.outcome]; onPicked: code => contact.outcome = code }
    Words { width: parent.width; soft: true; text: qsTr("ui:contact:topics") }
    Chips { objectName: "topics"; width: parent.width; choices: contact.allTopics; chosen: contact.topics; onPicked: code => contact.toggleTopic(code) }
    Words { width: parent.width; soft: true; text: qsTr("ui:contact:minutes") }
    Chips {
        objectName: "minutes"
        width: parent.width
        choices: [1, 2, 5, 10, 15, 30, 60].map(each => ({ code: String(each), word: String(each) }))
        chosen: [String(contact.minutes)]
        onPicked: code => contact.minutes = contact.minutes === Number(code) ? -1 : Number(code)
    }
    Words { width: parent.width; soft: true; text: qsTr("ui:contact:channel") }
    Chips { objectName: "channels"; width: parent.width; choices: contact.channels; chosen: [contact.channel]; onPicked: code => contact.channel = code }
    Words { width: parent.width; soft: true; text: qsTr("ui:contact:place") }
    Chips { objectName: "places"; width: parent.width; choices: contact.places; chosen: [contact.place]; onPicked: code => contact.place = code }
    Field {
        width: parent.width
        label: qsTr("ui:contact:note")
        most: 1000
        many: true
        text: contact.note
        onEdited: text => contact.note = text
    }
    Words { width: parent.width; soft: true; text: qsTr("ui:contact:follow_up") }
    Chips {
        id: plan
        width: parent.width
        property string when
        choices: [{ code: "tomorrow", word: qsTr("ui:tomorrow") }, { code: "week", word: qsTr("ui:in_a_week") }]
        chosen: [when]
        onPicked: code => { when = when === code ? "" : code; contact.planFollowUp(when); }
    }
    Tap { width: parent.width; visible: !evening.dayKnown; text: qsTr("ui:day:which"); onClicked: app.go("day") }
    Row {
        width: parent.width
        spacing: Look.gap
        visible: contact.followUp !== ""
        Tap { width: Look.touch * 1.4; text: "−"; says: qsTr("ui:contact:day_earlier"); onClicked: contact.shiftFollowUp(-1) }
        Words {
            width: parent.width - 2.8 * Look.touch - 2 * Look.gap
            height: Look.touch
            horizontalAlignment: Text.AlignHCenter
            verticalAlignment: Text.AlignVCenter
            text: contact.followUpDay
        }
        Tap { width: Look.touch * 1.4; text: "+"; says: qsTr("ui:contact:day_later"); onClicked: contact.shiftFollowUp(1) }
    }
    Field {
        width: parent.width
        visible: contact.followUp !== ""
        label: qsTr("ui:contact:follow_up_text")
        text: contact.followUpText
        onEdited: text => contact.followUpText = text
    }
    Field {
        width: parent.width
        visible: contact.correcting
        label: qsTr("ui:contact:reason")
        text: contact.reason
        onEdited: text => contact.reason = text
    }

    foot: [
        Tap {
            objectName: "spoken"
            visible: page.scrolls && !contact.correcting && contact.outcome === ""
            enabled: !contact.saving
            width: parent.width
            primary: true
            text: evening.strict || evening.leaseEnded ? qsTr("ui:contact:spoken_only") : qsTr("ui:contact:spoken")
            onClicked: contact.saveSpoken()
        },
        Tap {
            objectName: "save"
            visible: page.scrolls && (contact.correcting || contact.outcome !== "")
            enabled: !contact.saving && (!contact.correcting || contact.reason.trim() !== "")
            width: parent.width
            primary: true
            text: contact.saving ? qsTr("ui:contact:saving") : qsTr("ui:contact:save")
            onClicked: contact.save()
        }
    ]
}
