import QtQuick

Page {
    id: page
    title: qsTr("ui:evening:start_round")
    property var chosen: ["zone"]
    property string colleagues
    Words { width: parent.width; soft: true; text: qsTr("ui:round:places") }
    Chips {
        width: parent.width
        choices: evening.places
        chosen: page.chosen
        onPicked: code => page.chosen = page.chosen.indexOf(code) >= 0 ? page.chosen.filter(each => each !== code) : page.chosen.concat([code])
    }
    Field {
        width: parent.width
        label: qsTr("ui:round:colleagues")
        onEdited: text => page.colleagues = text
    }
    foot: Tap {
        width: parent.width
        primary: true
        enabled: page.chosen.length > 0
        text: qsTr("ui:evening:start_round")
        onClicked: evening.startRound(page.chosen, page.colleagues)
    }
    Connections { target: evening; function onRoundStarted() { app.home(); } }
}
