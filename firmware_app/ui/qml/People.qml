import QtQuick

// The women of her caseload, narrowed as she types.
ListView {
    id: list
    property bool brief: false  // the name only: where there is little room
    signal picked(string clientId, string name)
    clip: true
    model: people
    spacing: Look.gap / 2
    boundsBehavior: Flickable.StopAtBounds
    pixelAligned: true
    reuseItems: true
    delegate: Tap {
        required property string clientId
        required property string name
        required property string otherNames
        required property bool due
        width: ListView.view.width
        atStart: true
        text: name
        under: list.brief ? "" : [due ? qsTr("ui:contact:due") : "", otherNames].filter(part => part !== "").join(" · ")
        onClicked: list.picked(clientId, name)
    }
}
