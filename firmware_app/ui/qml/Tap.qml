import QtQuick

// Something to touch. `chosen` shows by a mark as well as by colour.
Rectangle {
    id: tap
    property string text
    property string under
    property bool primary: false
    property bool choice: false
    property bool chosen: false
    property bool quiet: false
    property string says: text
    property bool atStart: false
    property bool big: false
    property bool oneLine: false  // smaller rather than broken
    signal clicked

    implicitHeight: Math.max(Look.touch, inside.implicitHeight + 2 * Look.gap)
    implicitWidth: Math.max(Look.touch, words.implicitWidth + (choice ? 5 : 4) * Look.gap)
    radius: Look.radius
    color: !enabled ? Look.ground : (primary || chosen ? Look.accent : (area.pressed ? Look.line : (quiet ? Look.ground : Look.surface)))
    border.width: activeFocus ? 3 : (quiet ? 0 : 1)
    border.color: activeFocus ? Look.text : Look.line
    activeFocusOnTab: true

    readonly property color ink: primary || chosen ? (enabled ? Look.accentInk : Look.quiet) : Look.text

    Accessible.role: choice ? Accessible.CheckBox : Accessible.Button
    Accessible.name: under === "" ? says : says + ", " + under
    Accessible.checkable: choice
    Accessible.checked: chosen
    Accessible.onPressAction: tap.clicked()
    Keys.onReturnPressed: tap.clicked()
    Keys.onSpacePressed: tap.clicked()

    Column {
        id: inside
        anchors.verticalCenter: parent.verticalCenter
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.leftMargin: (tap.choice ? 2 : 1) * Look.gap
        anchors.rightMargin: anchors.leftMargin
        Text {
            id: words
            width: parent.width
            text: tap.text
            color: tap.ink
            font.pixelSize: tap.big ? Look.huge : Look.body
            font.bold: tap.primary
            wrapMode: tap.oneLine ? Text.NoWrap : Text.Wrap
            fontSizeMode: tap.oneLine ? Text.HorizontalFit : Text.FixedSize
            minimumPixelSize: Math.round(2 * Look.mm)
            textFormat: Text.PlainText
            horizontalAlignment: tap.atStart ? Text.AlignLeft : Text.AlignHCenter
            Accessible.ignored: true
        }
        Text {
            visible: tap.under !== ""
            width: parent.width
            text: tap.under
            color: tap.primary || tap.chosen ? Look.accentInk : Look.quiet
            font.pixelSize: Look.small
            wrapMode: Text.Wrap
            textFormat: Text.PlainText
            horizontalAlignment: words.horizontalAlignment
            Accessible.ignored: true
        }
    }
    Text {
        id: mark
        visible: tap.choice && tap.chosen
        anchors.left: parent.left
        anchors.leftMargin: Look.gap / 3
        anchors.verticalCenter: parent.verticalCenter
        text: "✓"
        color: tap.ink
        font.pixelSize: Look.small
        Accessible.ignored: true
    }
    MouseArea {
        id: area
        anchors.fill: parent
        enabled: tap.enabled
        onClicked: tap.clicked()
    }
}
